package dev.windlass.core.job;

import dev.windlass.core.job.Tables.InstanceEvent;
import dev.windlass.core.job.Tables.Phase;
import dev.windlass.core.job.Tables.TaskEvent;
import dev.windlass.event.Event;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.roaringbitmap.RoaringBitmap;

/**
 * How tasks and jobs come to their ends, and what follows from that. Consequences run upwards, from
 * instance to task to job; what follows for another task is fed back once it is durable.
 */
final class Completion {
  private final Output output;
  private final JobsInMemory jobs;
  private final Placer placer;
  private final ReservedInstances reserved;
  private final Duration stopGrace;

  Completion(
      Output output,
      JobsInMemory jobs,
      Placer placer,
      ReservedInstances reserved,
      Duration stopGrace) {
    this.output = output;
    this.jobs = jobs;
    this.placer = placer;
    this.reserved = reserved;
    this.stopGrace = stopGrace;
  }

  /** An instance has ended for good, and its task has not. */
  void instanceEnded(LiveInstance instance, Now now) {
    TaskRun task = instance.task;
    int index = instance.id.index();
    boolean isAwaited = !task.perInstanceAfter.isEmpty();
    if (isAwaited && instance.state() == State.FINISHED) {
      output.effect(new Effect.Feed(new Input.InstanceFinished(task.job.id, task.number, index)));
    }
    if (instance.state() == State.FAILED && task.hasFailed()) {
      taskFailed(instance, now);
    } else if (task.allEnded()) {
      endTask(task, now);
    }
    if (isAwaited && instance.state() == State.FAILED && !task.job.isEnding()) {
      leaveOutAfter(task, RoaringBitmap.bitmapOf(index), now);
    }
  }

  /** More instances of a task have failed than it tolerates. */
  private void taskFailed(LiveInstance instance, Now now) {
    TaskRun task = instance.task;
    switch (task.isFinal ? FailurePolicy.GO_ON : task.job.description.onFailure()) {
      case STOP_AT_ONCE -> fail(task.job, reason(instance), now);
      case FINISH_RUNNING -> {
        if (!task.job.isEnding()) {
          task.job.beginToEnd(Ending.failed(reason(instance)));
          output.changed(task.job);
          task.job.tasks.forEach(placer::update);
        }
      }
      case GO_ON -> {
        if (task.allEnded()) {
          endTask(task, now);
        }
      }
    }
  }

  private static String reason(LiveInstance instance) {
    return "instance "
        + instance.id.index()
        + " of task '"
        + instance.id.task()
        + "' failed in attempt "
        + instance.attempt
        + ": "
        + instance.outcome.orElseThrow().describe();
  }

  private void fail(JobRun job, String reason, Now now) {
    endAtOnce(job, Ending.failed(reason), now);
  }

  /** A user stops a job; if it is paused, its final task has its turn all the same. */
  void stop(JobRun job, String reason, Now now) {
    Ending stopped = Ending.stopped(reason);
    Ending decided = job.ending().orElse(Ending.FINISHED);
    job.paused = Optional.empty();
    if (job.isUpToFinalTask()) {
      // The final task was told how the job ends, which stays so unless it had to finish for that.
      endJob(job, decided.state() == State.FAILED ? decided : stopped, now);
    } else if (decided.state() == State.STOPPED) {
      endJob(job, stopped, now);
    } else {
      endAtOnce(job, stopped, now);
    }
  }

  /**
   * A cluster or executor that a job needs is not there any more.
   *
   * @param hasPlace says whether a task could still run
   */
  void endForWantOfPlace(JobRun job, String reason, Predicate<TaskRun> hasPlace, Now now) {
    Ending lost = Ending.failed(reason);
    Ending ending = job.ending().filter(it -> it.state() != State.FINISHED).orElse(lost);
    if (job.finalTask().filter(hasPlace).isEmpty()) {
      endJob(job, ending, now);
    } else if (!job.othersEnded()) {
      endAtOnce(job, ending, now);
    }
  }

  /**
   * Ends a job as soon as can be: what runs is cancelled. Its final task still has its turn after
   * that.
   */
  private void endAtOnce(JobRun job, Ending ending, Now now) {
    if (job.finalTask().isPresent()) {
      job.beginToEnd(ending);
      output.changed(job);
      stopOthers(job, ending, now);
      goOnEnding(job, now);
    } else {
      endFailedTasks(job, ending, now);
      endJob(job, ending, now);
    }
  }

  /** Where its job fails a task that has failed is told from those that are only stopped. */
  private void endFailedTasks(JobRun job, Ending ending, Now now) {
    for (TaskRun task : job.tasks) {
      if (ending.state() == State.FAILED && !task.state().isEnded() && task.hasFailed()) {
        endTaskAs(task, TaskEvent.SOME_FAILED, now);
      }
    }
  }

  /** Ends all tasks but the final one. */
  private void stopOthers(JobRun job, Ending ending, Now now) {
    endFailedTasks(job, ending, now);
    for (TaskRun task : job.tasks) {
      if (!task.isFinal) {
        if (task.waiting() > 0) {
          output.change(new Change.WaitingInstancesOfTaskStopped(job.sequence, task.ordinal));
        }
        stopInstances(task, now);
        if (!task.state().isEnded()) {
          endTaskAs(task, TaskEvent.JOB_ENDED, now);
        }
      }
    }
  }

  /**
   * A job whose end is decided comes nearer to it when something of it has ended: when nothing runs
   * any more what waits is stopped, then the final task has its turn, and then the job ends.
   */
  void goOnEnding(JobRun job, Now now) {
    Optional<Ending> ending = job.ending();
    if (ending.isEmpty() || job.state().isEnded()) {
      return;
    }
    Optional<TaskRun> last = job.finalTask();
    if (job.running == 0 && last.isEmpty()) {
      endAtOnce(job, ending.get(), now);
    } else if (job.running == 0 && !job.othersEnded()) {
      stopOthers(job, ending.get(), now);
    }
    if (last.isPresent() && !job.finalTaskCalled && job.isUpToFinalTask()) {
      job.finalTaskCalled = true;
      output.effect(new Effect.Feed(new Input.PredecessorsEnded(job.id, last.get().number)));
    }
  }

  /** All instances of a task have ended, or can never begin. */
  void endTask(TaskRun task, Now now) {
    TaskEvent event = TaskEvent.ALL_FINISHED;
    if (task.hasFailed() || task.stopped > 0) {
      event = TaskEvent.SOME_FAILED;
    } else if (task.leftOut() == task.instanceCount) {
      event = TaskEvent.LEFT_OUT;
    }
    boolean someLeftOut = task.leftOut() > 0;
    if (someLeftOut) {
      task.stopWaiting();
    }
    endTaskAs(task, event, now);
    if (someLeftOut) {
      // Those that have run before a restart of the job are on record, one by one.
      output.change(new Change.WaitingInstancesOfTaskStopped(task.job.sequence, task.ordinal));
    }
    followUp(task, now);
  }

  /** A task does not run at all: those before it did not end as it wants. */
  void leaveOut(TaskRun task, Now now) {
    task.stopWaiting();
    endTaskAs(task, TaskEvent.LEFT_OUT, now);
    output.change(new Change.WaitingInstancesOfTaskStopped(task.job.sequence, task.ordinal));
    followUp(task, now);
    if (!task.perInstanceAfter.isEmpty()) {
      leaveOutAfter(task, task.unfinished(), now);
    }
  }

  /** Instances that wait for one that will never have finished, and those that wait for them. */
  private record LeftOut(TaskRun task, RoaringBitmap indexes) {}

  /**
   * Some instances of a task will never have finished: those of the same index after them are left
   * out, at once, since nothing begins because of that.
   */
  private void leaveOutAfter(TaskRun task, RoaringBitmap indexes, Now now) {
    Deque<LeftOut> open = new ArrayDeque<>(List.of(new LeftOut(task, indexes)));
    Set<TaskRun> touched = new LinkedHashSet<>();
    while (!open.isEmpty()) {
      LeftOut before = open.remove();
      for (TaskRun after : before.task().perInstanceAfter) {
        RoaringBitmap news = after.leaveOut(before.indexes());
        if (!news.isEmpty()) {
          touched.add(after);
          open.add(new LeftOut(after, news));
        }
      }
    }
    for (TaskRun after : touched) {
      if (!after.state().isEnded() && after.allEnded()) {
        endTask(after, now);
      }
    }
  }

  private void followUp(TaskRun task, Now now) {
    JobRun job = task.job;
    for (TaskRun successor : JobsInMemory.successors(task)) {
      successor.predecessorEnded(task);
      if (successor.unfinishedPredecessors == 0) {
        output.effect(new Effect.Feed(new Input.PredecessorsEnded(job.id, successor.number)));
      }
    }
    if (task.isFinal) {
      endAfterFinalTask(task, now);
    } else {
      endIfAllEnded(job, now);
    }
  }

  private void endIfAllEnded(JobRun job, Now now) {
    if (!job.isEnding() && job.othersEnded()) {
      endAtOnce(job, Ending.FINISHED, now);
    }
  }

  private void endAfterFinalTask(TaskRun task, Now now) {
    Ending decided = task.job.ending().orElseThrow();
    boolean spoils = task.state() != State.FINISHED && decided.state() == State.FINISHED;
    Ending failed = Ending.failed("its final task '" + task.plan.name() + "' failed");
    endJob(task.job, spoils ? failed : decided, now);
  }

  private void endTaskAs(TaskRun task, TaskEvent event, Now now) {
    task.apply(event);
    task.ended = Optional.of(now.wall());
    placer.update(task);
    output.changed(task);
    emitTask(task, now);
  }

  /**
   * Ends a job; what waits is stopped, what runs is cancelled, what is being published is let
   * finish.
   */
  void endJob(JobRun job, Ending ending, Now now) {
    job.end(ending);
    job.ended = Optional.of(now.wall());
    output.changed(job);
    for (TaskRun task : job.tasks) {
      stopInstances(task, now);
      if (!task.state().isEnded()) {
        endTaskAs(task, TaskEvent.JOB_ENDED, now);
      }
    }
    if (job.state() != State.FINISHED) {
      output.change(new Change.WaitingInstancesStopped(job.sequence));
    }
    emitJob(job, now);
    if (job.isOver()) {
      over(job, now);
    }
  }

  private void stopInstances(TaskRun task, Now now) {
    task.stopWaiting();
    List<LiveInstance> all = new ArrayList<>(task.live.values());
    for (LiveInstance instance : all) {
      if (instance.state() == State.WAITING) {
        instance.apply(InstanceEvent.JOB_ENDED);
        task.live.remove(instance.id.index());
        output.changed(instance);
        emitInstance(instance, now);
      } else if (instance.state() == State.RUNNING && !instance.accepted) {
        instance.apply(InstanceEvent.JOB_ENDED);
        task.left();
        task.stopped++;
        if (instance.phase() != Phase.CONCLUDING) {
          cancel(instance);
        }
        output.changed(instance);
        emitInstance(instance, now);
      }
    }
  }

  /** Tells an attempt to end; whatever it does now, it is not accepted. */
  void cancel(LiveInstance instance) {
    instance.cancelled = true;
    output.effect(new Effect.Cancel(instance.attemptId(), stopGrace));
  }

  /** Lets begin what waits for nothing, once what is on record now is durable. */
  void openRoots(JobRun job, Now now) {
    for (TaskRun task : job.tasks) {
      if (!task.isFinal && !task.state().isEnded() && task.unfinishedPredecessors == 0) {
        output.effect(new Effect.Feed(new Input.PredecessorsEnded(job.id, task.number)));
      }
    }
    if (job.finalTask().isPresent() && !job.state().isEnded()) {
      endIfAllEnded(job, now);
    }
  }

  /**
   * A task all of whose instances had finished when its job was stopped ends without running
   * anything.
   */
  void endWhatIsDone(JobRun job, Now now) {
    for (TaskRun task : job.tasks) {
      if (!job.state().isEnded() && !task.state().isEnded() && task.allEnded()) {
        endTask(task, now);
      }
    }
  }

  /** A job is in a final state and nothing of it is active any more. */
  void over(JobRun job, Now now) {
    if (!jobs.remove(job)) {
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

  /** Nothing of a job is kept any more. */
  void forgotten(JobId job, Now now) {
    reserved.removed(job);
    output.effect(new Effect.ForgetFiles(job));
    output.emit(new Event.JobDeleted(job, now.wall()));
  }

  void emitOperation(Input.Operate asked, Now now) {
    output.emit(new Event.JobOperated(asked.job(), now.wall(), asked.operation(), asked.reason()));
  }

  void emitJob(JobRun job, Now now) {
    output.emit(new Event.JobChanged(job.id, now.wall(), job.state(), job.message()));
  }

  void emitTask(TaskRun task, Now now) {
    output.emit(new Event.TaskChanged(task.job.id, now.wall(), task.plan.name(), task.state()));
  }

  void emitInstance(LiveInstance instance, Now now) {
    output.emit(
        new Event.InstanceChanged(instance.id, now.wall(), instance.state(), instance.outcome));
  }
}
