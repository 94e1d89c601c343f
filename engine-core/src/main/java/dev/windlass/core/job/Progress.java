package dev.windlass.core.job;

import dev.windlass.core.job.Tables.AttemptEvent;
import dev.windlass.core.job.Tables.InstanceEvent;
import dev.windlass.core.job.Tables.JobEvent;
import dev.windlass.core.job.Tables.Phase;
import dev.windlass.core.job.Tables.TaskEvent;
import dev.windlass.core.schedule.Backoff;
import dev.windlass.core.schedule.Node;
import dev.windlass.event.Event;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What follows from the life of an attempt: for its instance, for the task of that, and for the
 * job.
 *
 * <p>Consequences run upwards only. What follows for <em>another</em> instance or task (the next
 * attempt, the tasks that come after) is fed back once it is durable; see {@link Effect.Feed}. So a
 * restart never finds an attempt whose cause the store does not know.
 */
final class Progress {

  /** What becomes of an instance whose attempt did not do well. */
  private enum Verdict {
    RETRY,
    AGAIN_WITHOUT_RETRY,
    GIVE_UP
  }

  /** So often in a row the infrastructure may fail an instance before it counts as failed. */
  static final int MAX_LOSSES = 20;

  private final Output output;
  private final Placer placer;
  private final Timers timers;
  private final Duration stopGrace;
  private final JobOver jobOver;

  /** Is told when a job is over. */
  interface JobOver {
    void over(JobRun job, Now now);
  }

  Progress(Output output, Placer placer, Timers timers, Duration stopGrace, JobOver jobOver) {
    this.output = output;
    this.placer = placer;
    this.timers = timers;
    this.stopGrace = stopGrace;
    this.jobOver = jobOver;
  }

  /** An instance was placed on a node, which is booked for it. */
  void placed(LiveInstance instance, Node node, Now now) {
    if (instance.task.hasRecord(instance)) {
      output.change(
          new Change.AttemptSuperseded(
              instance.task.job.sequence, instance.task.ordinal, instance.id.index()));
    }
    instance.begin(instance.task.nextAttempt(instance), node);
    began(instance, now);
    output.effect(
        new Effect.Launch(instance.attemptId(), instance.task.plan, node.name(), node.executor()));
  }

  /** An attempt was found that the store does not know: it began just before a crash. */
  void adopted(LiveInstance instance, int number, Node node, Now now) {
    instance.begin(number, node);
    instance.task.lastAttempt = Math.max(instance.task.lastAttempt, number);
    node.adopt(instance.task.plan.request());
    began(instance, now);
  }

  private void began(LiveInstance instance, Now now) {
    TaskRun task = instance.task;
    instance.apply(InstanceEvent.PLACED);
    task.running++;
    task.job.activeAttempts++;
    output.changed(instance);
    output.emit(
        new Event.InstanceChanged(instance.id, now.wall(), State.RUNNING, Optional.empty()));
    if (task.state() == State.WAITING) {
      task.apply(TaskEvent.INSTANCE_BEGAN);
      task.started = Optional.of(now.wall());
      emitTask(task, now);
    }
    if (task.job.state() == State.WAITING) {
      task.job.apply(JobEvent.INSTANCE_BEGAN, "");
      task.job.started = Optional.of(now.wall());
      emitJob(task.job, now);
    }
  }

  /** The program of an attempt has begun. */
  void started(LiveInstance instance, Instant at, Now now) {
    if (instance.phase() != Phase.LAUNCHING) {
      return; // a recovery told it, and the executor tells it again
    }
    instance.apply(AttemptEvent.STARTED);
    instance.started = Optional.of(at);
    output.changed(instance);
    output.emit(new Event.AttemptStarted(instance.attemptId(), at, instance.nodeName));
    Duration ran = Duration.between(at, now.wall());
    Duration limit = instance.task.plan.task().timeout();
    // A clock that was set back or far ahead must not end the attempt early or never.
    Duration left = ran.isNegative() ? limit : limit.minus(ran);
    timers.set(
        now, left.isNegative() ? Duration.ZERO : left, Timers.Kind.TIMEOUT, instance.attemptId());
  }

  /** An attempt has run for as long as it may. */
  void timedOut(LiveInstance instance) {
    if (instance.phase() == Phase.RUNNING && !instance.cancelled) {
      instance.timedOut = true;
      cancel(instance);
    }
  }

  private void cancel(LiveInstance instance) {
    instance.cancelled = true;
    output.effect(new Effect.Cancel(instance.attemptId(), stopGrace));
  }

  /** The program of an attempt is over. */
  void exited(LiveInstance instance, Instant at, Outcome outcome, Usage usage, Now now) {
    if (instance.phase() == Phase.CONCLUDING || !instance.isActive()) {
      return; // told before
    }
    freeNode(instance);
    if (!instance.task.plan.publishes()) {
      concluded(instance, at, outcome, usage, now);
      return;
    }
    instance.apply(AttemptEvent.EXITED);
    instance.accepted =
        outcome.isSuccess() && !instance.cancelled && instance.state() == State.RUNNING;
    output.effect(
        new Effect.Conclude(instance.attemptId(), instance.task.plan, outcome, instance.accepted));
  }

  private void freeNode(LiveInstance instance) {
    if (instance.booked != null) {
      instance.booked.free(instance.task.plan.request());
      instance.booked = null;
      placer.freed();
    }
  }

  /** An attempt is over and nothing is left to be published. */
  void concluded(LiveInstance instance, Instant at, Outcome outcome, Usage usage, Now now) {
    freeNode(instance);
    instance.apply(AttemptEvent.CONCLUDED);
    Outcome proven = instance.timedOut ? timeout(instance) : outcome;
    instance.ended = Optional.of(at);
    instance.outcome = Optional.of(proven);
    instance.usage = usage;
    instance.task.job.activeAttempts--;
    output.changed(instance);
    output.effect(new Effect.Release(instance.attemptId()));
    output.emit(new Event.AttemptEnded(instance.attemptId(), at, proven));
    if (instance.state() == State.RUNNING) {
      decide(instance, proven, now);
    } else {
      instance.task.live.remove(instance.id.index());
    }
    if (instance.task.job.isOver()) {
      jobOver.over(instance.task.job, now);
    }
  }

  private static Outcome timeout(LiveInstance instance) {
    return new Outcome.TimedOut(instance.task.plan.task().timeout());
  }

  private void decide(LiveInstance instance, Outcome outcome, Now now) {
    if (outcome.isSuccess()) {
      end(instance, InstanceEvent.SUCCEEDED, now);
      return;
    }
    if (instance.task.job.state().isEnded()) {
      // It was being published when its job ended, and the publishing failed.
      end(instance, InstanceEvent.JOB_ENDED, now);
      return;
    }
    switch (verdict(instance, outcome)) {
      case RETRY -> {
        instance.retries++;
        tryAgain(instance, now);
      }
      case AGAIN_WITHOUT_RETRY -> {
        instance.losses++;
        tryAgain(instance, now);
      }
      case GIVE_UP -> end(instance, InstanceEvent.GAVE_UP, now);
    }
  }

  private static Verdict verdict(LiveInstance instance, Outcome outcome) {
    RetryPolicy policy = instance.task.plan.task().retry();
    Verdict program = instance.retries < policy.maxRetries() ? Verdict.RETRY : Verdict.GIVE_UP;
    Verdict infrastructure =
        instance.losses < MAX_LOSSES ? Verdict.AGAIN_WITHOUT_RETRY : Verdict.GIVE_UP;
    return switch (outcome.kind()) {
      case EXITED ->
          policy.finalExitCodes().contains(((Outcome.Exited) outcome).code())
              ? Verdict.GIVE_UP
              : program;
      case SIGNALLED, TIMED_OUT, OUT_OF_MEMORY -> program;
      // Nobody here cancelled it, so something around it did.
      case LOST, CANCELLED -> infrastructure;
      case REFUSED -> ((Outcome.Refused) outcome).retryable() ? infrastructure : Verdict.GIVE_UP;
      case STAGE_IN_FAILED ->
          ((Outcome.StageInFailed) outcome).retryable() ? infrastructure : Verdict.GIVE_UP;
      case STAGE_OUT_FAILED ->
          ((Outcome.StageOutFailed) outcome).retryable() ? infrastructure : Verdict.GIVE_UP;
    };
  }

  private void tryAgain(LiveInstance instance, Now now) {
    instance.apply(InstanceEvent.TRY_AGAIN);
    instance.task.running--;
    output.changed(instance);
    emitInstance(instance, now);
    output.effect(new Effect.Feed(new Input.RetryDurable(instance.attemptId())));
  }

  /** The end of a failed attempt is durable; the pause before the next one begins. */
  void retryDurable(LiveInstance instance, Now now) {
    AttemptId failed = instance.attemptId();
    Outcome outcome = instance.outcome.orElseThrow();
    boolean lost = verdictIsInfrastructure(outcome);
    Duration pause =
        lost
            ? Backoff.afterLoss(instance.losses, failed)
            : Backoff.afterFailure(instance.task.plan.task().retry(), instance.retries, failed);
    timers.set(now, pause, Timers.Kind.RETRY, failed);
  }

  private static boolean verdictIsInfrastructure(Outcome outcome) {
    return switch (outcome.kind()) {
      case EXITED, SIGNALLED, TIMED_OUT, OUT_OF_MEMORY -> false;
      case LOST, CANCELLED, REFUSED, STAGE_IN_FAILED, STAGE_OUT_FAILED -> true;
    };
  }

  /** The pause after a failure is over. */
  void retryDue(LiveInstance instance) {
    if (instance.state() == State.WAITING && !instance.isActive()) {
      instance.task.retryNow(instance);
      placer.update(instance.task);
    }
  }

  private void end(LiveInstance instance, InstanceEvent event, Now now) {
    TaskRun task = instance.task;
    instance.apply(event);
    task.running--;
    switch (instance.state()) {
      case FINISHED -> task.finished++;
      case FAILED -> task.failed++;
      case STOPPED -> task.stopped++;
      case WAITING, RUNNING -> throw new AssertionError(instance.id + " has not ended");
    }
    task.live.remove(instance.id.index());
    output.changed(instance);
    emitInstance(instance, now);
    if (task.job.state().isEnded()) {
      return;
    }
    if (instance.state() == State.FAILED && task.job.description.failOnInstanceFail()) {
      failJob(instance, now);
    } else if (task.allEnded()) {
      endTask(task, now);
    }
  }

  private void failJob(LiveInstance instance, Now now) {
    String reason =
        "instance "
            + instance.id.index()
            + " of task '"
            + instance.id.task()
            + "' failed in attempt "
            + instance.attempt
            + ": "
            + instance.outcome.orElseThrow().describe();
    endTaskAs(instance.task, TaskEvent.SOME_FAILED, now);
    endJob(instance.task.job, JobEvent.GAVE_UP, reason, now);
  }

  /** All instances of a task have ended. */
  void endTask(TaskRun task, Now now) {
    endTaskAs(
        task, task.failed + task.stopped > 0 ? TaskEvent.SOME_FAILED : TaskEvent.ALL_FINISHED, now);
    JobRun job = task.job;
    for (int next : job.graph.successors(task.number)) {
      TaskRun successor = job.tasks.get(next);
      successor.unfinishedPredecessors--;
      if (successor.unfinishedPredecessors == 0) {
        output.effect(new Effect.Feed(new Input.PredecessorsEnded(job.id, next)));
      }
    }
    if (job.allTasksEnded()) {
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
      jobOver.over(job, now);
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
        task.running--;
        task.stopped++;
        if (instance.phase() != Phase.CONCLUDING) {
          cancel(instance);
        }
        output.changed(instance);
        emitInstance(instance, now);
      }
    }
  }

  void emitJob(JobRun job, Now now) {
    output.emit(new Event.JobChanged(job.id, now.wall(), job.state(), job.message()));
  }

  private void emitTask(TaskRun task, Now now) {
    output.emit(new Event.TaskChanged(task.job.id, now.wall(), task.plan.name(), task.state()));
  }

  private void emitInstance(LiveInstance instance, Now now) {
    output.emit(
        new Event.InstanceChanged(instance.id, now.wall(), instance.state(), instance.outcome));
  }
}
