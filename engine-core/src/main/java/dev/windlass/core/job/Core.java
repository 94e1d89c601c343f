package dev.windlass.core.job;

import dev.windlass.core.graph.TaskGraph;
import dev.windlass.core.job.Tables.JobEvent;
import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.NodePool;
import dev.windlass.event.Event;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The deterministic core of the engine.
 *
 * <p>A state machine without I/O, clock, threads or randomness of its own. It is given inputs, each
 * with its time, and at the end of a turn it gives back {@link Turn}: the changes to be made
 * durable and the effects to be carried out. The same inputs in the same order at the same times
 * lead to the same turns. Its memory grows with what runs and with the number of tasks, not with
 * the number of instances.
 *
 * <p>Only one thread may use a core.
 *
 * <h2>What is in memory</h2>
 *
 * <p>A job is in memory from its submission, its restart or the opening of the engine until it is
 * over: in a final state and with no attempt active. An operation on a job that is over first loads
 * it; operations on the same job wait meanwhile, so each sees what the one before it did.
 *
 * <h2>What waits for what</h2>
 *
 * <p>{@link Effect#awaitsCommit} says which effects wait until the changes are durable. Besides,
 * what follows from the end of an attempt for others (its successor tasks, its own next attempt)
 * begins only once that end is durable. So what a restart finds running without a record can only
 * be an attempt whose cause is on record, and it is taken over as it is.
 */
public final class Core {

  /**
   * What a turn brings forth.
   *
   * @param changes to be recorded together, in this order; may be empty
   * @param now effects that need not wait, in order
   * @param afterCommit effects that wait until these changes and all before them are durable, in
   *     order
   */
  public record Turn(List<Change> changes, List<Effect> now, List<Effect> afterCommit) {
    /** Says whether there is nothing to do. */
    public boolean isEmpty() {
      return changes.isEmpty() && now.isEmpty() && afterCommit.isEmpty();
    }
  }

  /** Which cluster and executor a task's placement means. */
  @FunctionalInterface
  public interface Resolver {
    /**
     * The plan of a task.
     *
     * @return empty if its cluster or executor is not there (any more)
     */
    Optional<TaskPlan> plan(JobId job, TaskName name, TaskDescription task);
  }

  private final Map<JobId, JobRun> jobs = new HashMap<>();

  /** Operations that wait for a job to be loaded. */
  private final Map<JobId, List<Input>> loading = new HashMap<>();

  /** Attempts of which the store knows nothing and that are being ended. */
  private final Set<AttemptId> strays = new HashSet<>();

  private final Output output = new Output();
  private final Timers timers = new Timers();
  private final Resolver resolver;
  private final Placer placer;
  private final Progress progress;
  private final Duration stopGrace;

  /**
   * An empty core.
   *
   * @param pools the clusters; nothing is placed on the nodes of an executor before {@link
   *     Input.ExecutorReady}
   * @param resolver which cluster and executor a task's placement means
   * @param stopGrace how long a program may take to end when it is told to
   */
  public Core(Map<ClusterName, NodePool> pools, Resolver resolver, Duration stopGrace) {
    this.resolver = resolver;
    this.stopGrace = stopGrace;
    this.placer = new Placer(pools);
    this.progress = new Progress(output, placer, timers, stopGrace, this::over);
  }

  /** Takes one input. */
  public void apply(Input input, Now now) {
    if (input instanceof Input.AttemptStarted started) {
      LiveInstance instance = live(started.id());
      if (instance != null) {
        progress.started(instance, started.at(), now);
      }
    } else if (input instanceof Input.AttemptExited exited) {
      exited(exited, now);
    } else if (input instanceof Input.AttemptConcluded concluded) {
      LiveInstance instance = live(concluded.id());
      if (instance != null) {
        progress.concluded(instance, concluded.at(), concluded.outcome(), concluded.usage(), now);
      }
    } else if (input instanceof Input.PredecessorsEnded ended) {
      predecessorsEnded(ended);
    } else if (input instanceof Input.RetryDurable retry) {
      LiveInstance instance = live(retry.failed());
      if (instance != null && instance.state() == State.WAITING) {
        progress.retryDurable(instance, now);
      }
    } else if (input instanceof Input.Submit submit) {
      submit(submit, now);
    } else if (input instanceof Input.Stop stop) {
      operate(stop.job(), stop, now);
    } else if (input instanceof Input.Restart restart) {
      operate(restart.job(), restart, now);
    } else if (input instanceof Input.Delete delete) {
      operate(delete.job(), delete, now);
    } else if (input instanceof Input.Loaded loaded) {
      loaded(loaded, now);
    } else if (input instanceof Input.Recovered recovered) {
      recovered(recovered.stored(), now);
    } else if (input instanceof Input.ExecutorReady ready) {
      executorReady(ready, now);
    } else if (!(input instanceof Input.Wake)) {
      throw new AssertionError("unknown input " + input);
    }
  }

  /**
   * Ends a turn: lets due timers fire, places what can be placed, and gives out what is to be done.
   *
   * @param placements how many instances may be placed in this turn
   */
  public Turn endTurn(int placements, Now now) {
    for (Timers.Fired fired : timers.due(now)) {
      LiveInstance instance = live(fired.attempt());
      if (instance != null) {
        switch (fired.kind()) {
          case TIMEOUT -> progress.timedOut(instance);
          case RETRY -> progress.retryDue(instance);
        }
      }
    }
    placer.place(placements, (instance, node) -> progress.placed(instance, node, now));
    Output.Turn turn = output.take();
    return new Turn(turn.changes(), turn.now(), turn.afterCommit());
  }

  /** When, by {@link Now#nanos}, the next timer is due. */
  public OptionalLong nextTimerNanos() {
    return timers.nextNanos();
  }

  /** How many jobs are in memory. */
  public int jobsInMemory() {
    return jobs.size();
  }

  // ---- users ----

  private void submit(Input.Submit submit, Now now) {
    TaskGraph graph = TaskGraph.of(submit.description());
    JobRun job =
        new JobRun(submit.job(), submit.sequence(), submit.description(), graph, now.wall());
    if (!addTasks(job)) {
      throw new AssertionError(job.id + " was accepted although a cluster of it is not there");
    }
    jobs.put(job.id, job);
    output.change(new Change.JobAccepted(job.record(), submit.description(), submit.token()));
    job.tasks.forEach(output::changed);
    progress.emitJob(job, now);
    output.effect(new Effect.Reply(submit.request()));
    openRoots(job);
  }

  /** Makes the tasks; false if a cluster or executor is not there. */
  private boolean addTasks(JobRun job) {
    boolean complete = true;
    List<TaskName> order = List.copyOf(job.description.tasks().keySet());
    Map<TaskName, Integer> ordinals = new HashMap<>();
    order.forEach(name -> ordinals.put(name, ordinals.size()));
    for (int number = 0; number < job.graph.size(); number++) {
      TaskName name = job.graph.name(number);
      TaskDescription description = job.task(name);
      Optional<TaskPlan> plan = resolver.plan(job.id, name, description);
      complete &= plan.isPresent();
      int ordinal = Objects.requireNonNull(ordinals.get(name), "ordinal");
      TaskRun task =
          new TaskRun(
              job, number, ordinal, plan.orElseGet(() -> orphan(job.id, name, description)));
      task.unfinishedPredecessors = job.graph.predecessorCount(number);
      job.tasks.add(task);
    }
    return complete;
  }

  /** A plan for a task whose cluster is gone: enough to end it, never enough to place it. */
  private static TaskPlan orphan(JobId job, TaskName name, TaskDescription task) {
    return new TaskPlan(job, name, task, new ClusterName("_gone"), "", TaskPlan.requestOf(task));
  }

  private void openRoots(JobRun job) {
    for (TaskRun task : job.tasks) {
      if (!task.state().isEnded() && task.unfinishedPredecessors == 0) {
        output.effect(new Effect.Feed(new Input.PredecessorsEnded(job.id, task.number)));
      }
    }
  }

  private void predecessorsEnded(Input.PredecessorsEnded input) {
    JobRun job = jobs.get(input.job());
    if (job != null && !job.state().isEnded()) {
      TaskRun task = job.tasks.get(input.task());
      if (task.unfinishedPredecessors == 0) {
        task.open = true;
        placer.update(task);
      }
    }
  }

  /** Carries out a user's operation, after loading the job if it is not in memory. */
  private void operate(JobId id, Input operation, Now now) {
    List<Input> waiting = loading.get(id);
    if (waiting != null) {
      waiting.add(operation);
      return;
    }
    JobRun job = jobs.get(id);
    if (job == null) {
      loading.put(id, new ArrayList<>(List.of(operation)));
      output.effect(new Effect.Load(id));
    } else {
      operateOn(job, operation, now);
    }
  }

  private void operateOn(JobRun job, Input operation, Now now) {
    if (job.deleting) {
      refuse(operation, Effect.Refusal.NOT_FOUND, job.id, "");
    } else if (operation instanceof Input.Stop stop) {
      if (job.state().isEnded()) {
        conflict(operation, job.id, job.state(), "only a waiting or running job can be stopped");
      } else {
        progress.endJob(job, JobEvent.STOPPED_BY_USER, "stopped by the user", now);
        output.effect(new Effect.Reply(stop.request()));
      }
    } else if (operation instanceof Input.Restart) {
      if (job.state() == State.FAILED || job.state() == State.STOPPED) {
        job.afterOver.add(operation);
      } else {
        conflict(operation, job.id, job.state(), "only a stopped or failed job can be restarted");
      }
    } else if (operation instanceof Input.Delete delete) {
      if (job.state().isEnded()) {
        job.deleting = true;
        output.changed(job);
        output.effect(new Effect.Reply(delete.request()));
      } else {
        conflict(operation, job.id, job.state(), "only a job that has ended can be deleted");
      }
    }
  }

  private void loaded(Input.Loaded loaded, Now now) {
    List<Input> operations = loading.remove(loaded.job());
    if (operations == null) {
      throw new AssertionError(loaded.job() + " was loaded though nobody asked");
    }
    StoredJob stored = loaded.stored();
    for (Input operation : operations) {
      if (jobs.containsKey(loaded.job())) {
        operate(loaded.job(), operation, now);
      } else if (stored == null || stored.job().deleting()) {
        refuse(operation, Effect.Refusal.NOT_FOUND, loaded.job(), "");
      } else {
        stored = operateOnStored(stored, operation, now);
      }
    }
  }

  /** Carries out an operation on a job that is over; gives back what is left of it. */
  private @Nullable StoredJob operateOnStored(StoredJob stored, Input operation, Now now) {
    JobRecord record = stored.job();
    if (operation instanceof Input.Delete delete) {
      output.removed(record);
      forgotten(record.id(), now);
      output.effect(new Effect.Reply(delete.request()));
      return null;
    }
    boolean restartable = record.state() == State.FAILED || record.state() == State.STOPPED;
    if (operation instanceof Input.Restart restart && restartable) {
      restart(stored, restart, now);
    } else if (operation instanceof Input.Restart) {
      conflict(
          operation, record.id(), record.state(), "only a stopped or failed job can be restarted");
    } else {
      conflict(
          operation, record.id(), record.state(), "only a waiting or running job can be stopped");
    }
    return stored;
  }

  private void restart(StoredJob stored, Input.Restart restart, Now now) {
    JobRun job = restore(stored);
    if (!addTasks(job)) {
      refuse(
          restart,
          Effect.Refusal.STATE_CONFLICT,
          job.id,
          "a cluster or executor that it needs is not configured any more");
      return;
    }
    restoreTasks(job, stored);
    jobs.put(job.id, job);
    output.change(new Change.InstancesReset(job.sequence));
    job.apply(JobEvent.RESTARTED, "");
    job.started = Optional.empty();
    job.ended = Optional.empty();
    output.changed(job);
    progress.emitJob(job, now);
    for (TaskRun task : job.tasks) {
      if (task.state() != State.FINISHED) {
        task.restart();
        output.changed(task);
      }
    }
    output.effect(new Effect.Reply(restart.request()));
    countPredecessors(job);
    endWhatIsDone(job, now);
    openRoots(job);
  }

  /**
   * A task all of whose instances had finished when its job was stopped ends without running
   * anything.
   */
  private void endWhatIsDone(JobRun job, Now now) {
    for (TaskRun task : job.tasks) {
      if (!job.state().isEnded() && !task.state().isEnded() && task.allEnded()) {
        progress.endTask(task, now);
      }
    }
  }

  private void conflict(Input operation, JobId job, State state, String rule) {
    refuse(
        operation,
        Effect.Refusal.STATE_CONFLICT,
        job,
        "it is " + state.serviceName() + "; " + rule);
  }

  private void refuse(Input operation, Effect.Refusal refusal, JobId job, String detail) {
    output.effect(new Effect.Refuse(requestOf(operation), refusal, job, detail));
  }

  private static long requestOf(Input operation) {
    if (operation instanceof Input.Stop stop) {
      return stop.request();
    } else if (operation instanceof Input.Restart restart) {
      return restart.request();
    } else if (operation instanceof Input.Delete delete) {
      return delete.request();
    }
    throw new AssertionError(operation + " is not an operation of a user");
  }

  /** A job is in a final state and nothing of it is active any more. */
  private void over(JobRun job, Now now) {
    if (jobs.remove(job.id) == null) {
      return;
    }
    boolean released = job.description.autoRelease() && job.state() == State.FINISHED;
    boolean removed = job.deleting || released;
    output.effect(
        new Effect.JobOver(job.id, job.deleting ? Optional.empty() : Optional.of(job.status())));
    if (removed) {
      output.removed(job);
      forgotten(job.id, now);
    }
    for (Input operation : job.afterOver) {
      output.effect(new Effect.Feed(operation));
    }
  }

  private void forgotten(JobId job, Now now) {
    output.effect(new Effect.ForgetFiles(job));
    output.emit(new Event.JobDeleted(job, now.wall()));
  }

  // ---- attempts ----

  /** The instance whose present attempt this is; null if it has moved on or is not in memory. */
  private @Nullable LiveInstance live(AttemptId id) {
    JobRun job = jobs.get(id.job());
    if (job == null) {
      return null;
    }
    int number = numberOf(job, id.instance().task());
    if (number < 0) {
      return null;
    }
    LiveInstance instance = job.tasks.get(number).live.get(id.instance().index());
    return instance != null && instance.attempt == id.number() ? instance : null;
  }

  private static int numberOf(JobRun job, TaskName name) {
    return job.description.tasks().containsKey(name) ? job.graph.number(name) : -1;
  }

  private void exited(Input.AttemptExited exited, Now now) {
    if (strays.remove(exited.id())) {
      output.effect(new Effect.Release(exited.id()));
      return;
    }
    LiveInstance instance = live(exited.id());
    if (instance != null) {
      progress.exited(instance, exited.at(), exited.outcome(), exited.usage(), now);
    }
  }

  // ---- recovery ----

  private void recovered(StoredJob stored, Now now) {
    JobRun job = restore(stored);
    boolean complete = addTasks(job);
    restoreTasks(job, stored);
    jobs.put(job.id, job);
    for (TaskRun task : job.tasks) {
      for (InstanceRecord record : stored.open().get(task.ordinal)) {
        recoverInstance(task, record, now);
      }
    }
    countPredecessors(job);
    if (job.isOver()) {
      over(job, now);
    } else if (!complete && !job.state().isEnded()) {
      progress.endJob(
          job,
          JobEvent.GAVE_UP,
          "a cluster or executor that it needs is not configured any more",
          now);
    } else if (!job.state().isEnded()) {
      endWhatIsDone(job, now);
      openRoots(job);
    }
  }

  private static JobRun restore(StoredJob stored) {
    JobRun job =
        new JobRun(
            stored.job().id(),
            stored.job().sequence(),
            stored.description(),
            TaskGraph.of(stored.description()),
            stored.job().created());
    job.restore(stored.job());
    return job;
  }

  private static void restoreTasks(JobRun job, StoredJob stored) {
    for (TaskRun task : job.tasks) {
      int i = task.ordinal;
      task.restore(stored.tasks().get(i), stored.again().get(i), stored.begun().get(i));
    }
  }

  private void recoverInstance(TaskRun task, InstanceRecord record, Now now) {
    LiveInstance instance = new LiveInstance(task, record);
    task.live.put(record.id().index(), instance);
    if (instance.isActive()) {
      task.job.activeAttempts++;
      instance.booked = placer.node(record.node()).orElse(null);
      if (instance.booked != null) {
        instance.booked.adopt(task.plan.request());
      }
    } else {
      progress.retryDurable(instance, now);
    }
  }

  private static void countPredecessors(JobRun job) {
    for (TaskRun task : job.tasks) {
      task.unfinishedPredecessors = job.graph.predecessorCount(task.number);
    }
    for (TaskRun task : job.tasks) {
      if (task.state().isEnded()) {
        for (int successor : job.graph.successors(task.number)) {
          job.tasks.get(successor).unfinishedPredecessors--;
        }
      }
    }
  }

  private void executorReady(Input.ExecutorReady ready, Now now) {
    List<Input.Alive> alive = new ArrayList<>(ready.alive());
    alive.sort(Comparator.comparing(Input.Alive::id));
    for (Input.Alive each : alive) {
      LiveInstance instance = live(each.id());
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
  }

  private void resume(LiveInstance instance, Input.Alive alive, Now now) {
    alive.started().ifPresent(at -> progress.started(instance, at, now));
    if (instance.state() == State.STOPPED) {
      instance.cancelled = true;
      output.effect(new Effect.Cancel(alive.id(), stopGrace));
    }
  }

  /**
   * Takes over an attempt that began just before a crash; null if it is not the one that would come
   * next.
   */
  private @Nullable LiveInstance adopt(Input.Alive alive, String executor, Now now) {
    AttemptId id = alive.id();
    JobRun job = jobs.get(id.job());
    int number = job == null ? -1 : numberOf(job, id.instance().task());
    if (job == null || number < 0 || job.state().isEnded()) {
      return null;
    }
    TaskRun task = job.tasks.get(number);
    Optional<Node> node = placer.nodeOf(task, executor, alive.node());
    LiveInstance known = task.live.get(id.instance().index());
    int expected = (known == null ? task.attemptBase : known.attempt) + 1;
    if (node.isEmpty() || id.number() != expected || task.unfinishedPredecessors > 0) {
      return null;
    }
    LiveInstance instance = task.takeForAdoption(id.instance().index());
    if (instance == null) {
      return null;
    }
    if (task.hasRecord(instance)) {
      output.change(
          new Change.AttemptSuperseded(job.sequence, task.ordinal, id.instance().index()));
    }
    progress.adopted(instance, id.number(), node.get(), now);
    return instance;
  }
}
