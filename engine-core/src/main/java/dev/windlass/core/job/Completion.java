package dev.windlass.core.job;

import dev.windlass.core.job.Tables.InstanceEvent;
import dev.windlass.core.job.Tables.JobEvent;
import dev.windlass.core.job.Tables.Phase;
import dev.windlass.core.job.Tables.TaskEvent;
import dev.windlass.event.Event;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

  /** An instance has ended for good, and its job has not. */
  void instanceEnded(LiveInstance instance, Now now) {
    TaskRun task = instance.task;
    if (instance.state() == State.FAILED && task.hasFailed()) {
      taskFailed(instance, now);
    } else if (task.allEnded()) {
      endTask(task, now);
    }
    endIfDrained(task.job, now);
  }

  /** More instances of a task have failed than it tolerates. */
  private void taskFailed(LiveInstance instance, Now now) {
    TaskRun task = instance.task;
    switch (task.job.description.onFailure()) {
      case STOP_AT_ONCE -> fail(task.job, reason(instance), now);
      case FINISH_RUNNING -> {
        if (!task.job.isFailing()) {
          task.job.beginToFail(reason(instance));
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

  /** A job that is about to fail does so when nothing of it runs any more. */
  void endIfDrained(JobRun job, Now now) {
    if (job.isDrained()) {
      fail(job, job.message(), now);
    }
  }

  private void fail(JobRun job, String reason, Now now) {
    for (TaskRun task : job.tasks) {
      if (!task.state().isEnded() && task.hasFailed()) {
        endTaskAs(task, TaskEvent.SOME_FAILED, now);
      }
    }
    endJob(job, JobEvent.GAVE_UP, reason, now);
  }

  /** All instances of a task have ended. */
  void endTask(TaskRun task, Now now) {
    boolean failed = task.hasFailed() || task.stopped > 0;
    endTaskAs(task, failed ? TaskEvent.SOME_FAILED : TaskEvent.ALL_FINISHED, now);
    followUp(task, now);
  }

  /** A task does not run at all: those before it did not end as it wants. */
  void leaveOut(TaskRun task, Now now) {
    task.stopWaiting();
    endTaskAs(task, TaskEvent.LEFT_OUT, now);
    output.change(new Change.WaitingInstancesOfTaskStopped(task.job.sequence, task.ordinal));
    followUp(task, now);
  }

  private void followUp(TaskRun task, Now now) {
    JobRun job = task.job;
    for (int next : job.graph.successors(task.number)) {
      TaskRun successor = job.tasks.get(next);
      successor.predecessorEnded(task);
      if (successor.unfinishedPredecessors == 0) {
        output.effect(new Effect.Feed(new Input.PredecessorsEnded(job.id, next)));
      }
    }
    if (job.allTasksEnded() && !job.isFailing()) {
      endJob(job, JobEvent.ALL_TASKS_ENDED, "", now);
    }
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
  void endJob(JobRun job, JobEvent event, String reason, Now now) {
    job.apply(event, reason);
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
  void openRoots(JobRun job) {
    for (TaskRun task : job.tasks) {
      if (!task.state().isEnded() && task.unfinishedPredecessors == 0) {
        output.effect(new Effect.Feed(new Input.PredecessorsEnded(job.id, task.number)));
      }
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
