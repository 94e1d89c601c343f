package dev.windlass.core.job;

import dev.windlass.core.schedule.Node;
import dev.windlass.job.AttemptId;
import dev.windlass.job.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a core again from what the store holds and what executors know: what runs is adopted, what
 * ended meanwhile counts, what nobody asked for is ended.
 *
 * <p>What follows from the end of an attempt for others begins only once that end is durable. So
 * what a restart finds running without a record can only be an attempt whose cause is on record,
 * and it is taken over as it is.
 */
final class Recovery {
  private final JobsInMemory jobs;
  private final Output output;
  private final Placer placer;
  private final Progress progress;
  private final Completion completion;
  private final NodeKeeping keeping;
  private final ReservedInstances reserved;

  /**
   * Attempts that are not under way by what the store holds, and are being ended: it knows nothing
   * of them, or that they are over, but not that they were released.
   */
  private final Set<AttemptId> strays = new HashSet<>();

  Recovery(
      JobsInMemory jobs,
      Output output,
      Placer placer,
      Progress progress,
      Completion completion,
      NodeKeeping keeping,
      ReservedInstances reserved) {
    this.jobs = jobs;
    this.output = output;
    this.placer = placer;
    this.progress = progress;
    this.completion = completion;
    this.keeping = keeping;
    this.reserved = reserved;
  }

  /** A job that was not over was found in the store. */
  void recovered(StoredJob stored, Now now) {
    JobRun job = JobsInMemory.stored(stored);
    boolean complete = jobs.makeTasks(job);
    JobsInMemory.restoreTasks(job, stored);
    jobs.add(job);
    for (TaskRun task : job.tasks) {
      for (InstanceRecord record : stored.open().get(task.ordinal)) {
        recoverInstance(task, record, now);
      }
    }
    JobsInMemory.restoreWaiting(job, stored);
    if (job.isOver()) {
      completion.over(job, now);
      return;
    }
    if (!complete && !job.state().isEnded()) {
      String reason = "a cluster or executor that it needs is not there any more";
      completion.endForWantOfPlace(job, reason, TaskRun::hasPlace, now);
    }
    if (!job.state().isEnded()) {
      completion.endWhatIsDone(job, now);
      completion.openRoots(job, now);
      completion.goOnEnding(job, now);
    }
  }

  private void recoverInstance(TaskRun task, InstanceRecord record, Now now) {
    LiveInstance instance = new LiveInstance(task, record);
    task.live.put(record.id().index(), instance);
    if (instance.isActive()) {
      task.job.activeAttempts++;
      placer.adopt(instance, placer.node(record.node()));
      keeping.recovered(instance);
    } else {
      progress.retryDurable(instance, now);
    }
  }

  /** An executor has told which attempts are alive. */
  void executorReady(Input.ExecutorReady ready, Now now) {
    List<Input.Alive> alive = new ArrayList<>(ready.alive());
    alive.sort(Comparator.comparing(Input.Alive::id));
    for (Input.Alive each : alive) {
      LiveInstance instance = jobs.live(each.id());
      if (instance == null || !instance.isActive()) {
        instance = adopt(each, ready.executor(), now);
      }
      if (instance == null) {
        strays.add(each.id());
        output.effect(new Effect.Cancel(each.id(), Duration.ZERO));
      } else {
        resume(instance, each, now);
      }
    }
    placer.offer(ready.executor());
    keeping.executorReady(ready.executor(), now);
  }

  private void resume(LiveInstance instance, Input.Alive alive, Now now) {
    alive.started().ifPresent(at -> progress.started(instance, at, alive.running(), now));
    if (instance.state() == State.STOPPED || instance.evictedFrom != null) {
      completion.cancel(instance);
    }
  }

  /**
   * Takes over an attempt that began just before a crash; null if it is not the one that would come
   * next.
   */
  private @Nullable LiveInstance adopt(Input.Alive alive, String executor, Now now) {
    AttemptId id = alive.id();
    TaskRun task = jobs.task(id);
    if (task == null || task.state().isEnded() || (task.isFinal && !task.job.isUpToFinalTask())) {
      return null;
    }
    Optional<Node> node = placer.nodeOf(task, executor, alive.node());
    LiveInstance live = task.live.get(id.instance().index());
    int expected = (live == null ? task.attemptBase : live.attempt) + 1;
    if (node.isEmpty() || id.number() != expected || task.unfinishedPredecessors > 0) {
      return null;
    }
    LiveInstance instance = task.takeForAdoption(id.instance().index());
    if (instance == null) {
      return null;
    }
    if (task.hasRecord(instance)) {
      output.change(
          new Change.AttemptSuperseded(task.job.sequence, task.ordinal, id.instance().index()));
    }
    boolean isThere = alive.node().equals(Optional.of(node.get().name()));
    List<Integer> devices = isThere ? alive.gpuDevices() : List.of();
    progress.adopted(instance, id.number(), node.get(), devices, now);
    return instance;
  }

  /** A stray is over: the store knows what it must, also whether its files are kept. */
  boolean endOfStray(AttemptId id) {
    boolean stray = strays.remove(id);
    if (stray) {
      output.effect(new Effect.Release(id, reserved.keepsFilesOf(id)));
    }
    return stray;
  }
}
