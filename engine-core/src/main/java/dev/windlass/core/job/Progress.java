package dev.windlass.core.job;

import dev.windlass.core.cluster.NodeRun;
import dev.windlass.core.job.Tables.AttemptEvent;
import dev.windlass.core.job.Tables.InstanceEvent;
import dev.windlass.core.job.Tables.JobEvent;
import dev.windlass.core.job.Tables.Phase;
import dev.windlass.core.job.Tables.TaskEvent;
import dev.windlass.core.schedule.Booking;
import dev.windlass.core.schedule.Budget;
import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.Retries;
import dev.windlass.event.Event;
import dev.windlass.job.AttemptId;
import dev.windlass.job.MemoryRetry;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import dev.windlass.job.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What follows from the life of an attempt for its instance: it runs, has ended, or is tried again.
 *
 * <p>The next attempt is fed back once the end of this one is durable; see {@link Effect.Feed}. So
 * a restart never finds an attempt whose cause the store does not know.
 */
final class Progress {

  private final Output output;
  private final Placer placer;
  private final Timers timers;
  private final Completion completion;
  private final NodeKeeping keeping;
  private final ReservedInstances reserved;

  Progress(
      Output output,
      Placer placer,
      Timers timers,
      Completion completion,
      NodeKeeping keeping,
      ReservedInstances reserved) {
    this.output = output;
    this.placer = placer;
    this.timers = timers;
    this.completion = completion;
    this.keeping = keeping;
    this.reserved = reserved;
  }

  /** An instance was placed. */
  void placed(LiveInstance instance, Booking booking, Now now) {
    Node node = booking.node().orElseThrow();
    if (instance.task.hasRecord(instance)) {
      output.change(
          new Change.AttemptSuperseded(
              instance.task.job.sequence, instance.task.ordinal, instance.id.index()));
    }
    instance.begin(instance.task.nextAttempt(instance), node, booking.gpuDevices());
    instance.booked = booking;
    instance.course = Course.begun(instance.course.waitingSince(), Optional.of(now.wall()));
    began(instance, now);
    output.effect(
        new Effect.Launch(
            instance.attemptId(),
            instance.task.plan,
            instance.request,
            instance.gpuDevices,
            node.name(),
            node.executor(),
            keeping
                .cluster(instance.task.plan.cluster())
                .map(cluster -> cluster.description().environment())
                .orElse(instance.task.plan.clusterEnvironment()),
            instance.task.isFinal
                ? instance.task.job.ending().map(Ending::state)
                : Optional.empty()));
  }

  /**
   * An attempt was found that the store does not know: it began just before a crash.
   *
   * @param devices the devices of the node that it has
   */
  void adopted(LiveInstance instance, int number, Node node, List<Integer> devices, Now now) {
    instance.begin(number, node, devices);
    instance.task.lastAttempt = Math.max(instance.task.lastAttempt, number);
    placer.adopt(instance, Optional.of(node));
    began(instance, now);
  }

  private void began(LiveInstance instance, Now now) {
    TaskRun task = instance.task;
    instance.apply(InstanceEvent.PLACED);
    task.began();
    task.job.activeAttempts++;
    output.changed(instance);
    output.emit(
        new Event.InstanceChanged(instance.id, now.wall(), State.RUNNING, Optional.empty()));
    if (task.state() == State.WAITING) {
      task.apply(TaskEvent.INSTANCE_BEGAN);
      task.started = Optional.of(now.wall());
      completion.emitTask(task, now);
    }
    if (task.job.state() == State.WAITING) {
      task.job.apply(JobEvent.INSTANCE_BEGAN, task.job.message());
      task.job.started = Optional.of(now.wall());
      completion.emitJob(task.job, now);
    }
  }

  /**
   * The program of an attempt has begun.
   *
   * @param running how long it has run already, if it still runs. Not the time between {@code at}
   *     and now: the clock on the wall may have been set, or be that of another machine
   */
  void started(LiveInstance instance, Instant at, Optional<Duration> running, Now now) {
    if (instance.phase() != Phase.LAUNCHING) {
      return; // a recovery told it, and the executor tells it again
    }
    instance.apply(AttemptEvent.STARTED);
    // Otherwise it is on record, and an executor tells it to a new core.
    if (instance.started.isEmpty()) {
      instance.started = Optional.of(at);
      output.changed(instance);
      output.emit(new Event.AttemptStarted(instance.attemptId(), at, instance.nodeName));
    }
    running.ifPresent(ran -> limit(instance, ran, now));
  }

  private void limit(LiveInstance instance, Duration ran, Now now) {
    Duration left = instance.task.plan.task().timeout().minus(ran);
    timers.set(
        now, left.isNegative() ? Duration.ZERO : left, Timers.Kind.TIMEOUT, instance.attemptId());
  }

  /** An attempt has run for as long as it may. */
  void timedOut(LiveInstance instance) {
    if (instance.phase() == Phase.RUNNING && !instance.cancelled) {
      instance.timedOut = true;
      completion.cancel(instance);
    }
  }

  /** The program of an attempt is over. */
  void exited(LiveInstance instance, Instant at, Outcome outcome, Usage usage, Data data, Now now) {
    if (instance.phase() == Phase.CONCLUDING || !instance.isActive()) {
      return; // told before
    }
    freeNodeUnlessReserved(instance);
    acquit(instance, usage);
    if (instance.task.plan.publishes()) {
      instance.apply(AttemptEvent.EXITED);
      conclude(instance, outcome);
    } else {
      ended(instance, Optional.empty(), data);
      end(instance, at, proven(instance, outcome, false), usage, now);
    }
  }

  /** It ended in time after all, and the news of that was under way when the time was over. */
  private static void acquit(LiveInstance instance, Usage usage) {
    Duration limit = instance.task.plan.task().timeout();
    boolean inTime = usage.wall().map(wall -> wall.compareTo(limit) < 0).orElse(false);
    if (instance.timedOut && inTime) {
      instance.timedOut = false;
      instance.cancelled = false;
    }
  }

  private void conclude(LiveInstance instance, Outcome outcome) {
    instance.accepted = isAcceptable(instance, outcome);
    output.effect(
        new Effect.Conclude(instance.attemptId(), instance.task.plan, outcome, instance.accepted));
  }

  private static boolean isAcceptable(LiveInstance instance, Outcome outcome) {
    return outcome.isSuccess() && !instance.cancelled && instance.state() == State.RUNNING;
  }

  /** Where it may have to be kept, that is decided when all is over. */
  private void freeNodeUnlessReserved(LiveInstance instance) {
    if (!instance.task.plan.reservesOnFail()) {
      freeNode(instance);
    }
  }

  private void freeNode(LiveInstance instance) {
    if (instance.booked != null) {
      placer.free(instance);
    }
  }

  /** An attempt is over and nothing is left to be published. */
  void concluded(LiveInstance instance, Input.AttemptConcluded concluded, Now now) {
    if (!instance.isActive()) {
      return; // told before
    }
    freeNodeUnlessReserved(instance);
    if (!concluded.published() && isAcceptable(instance, concluded.outcome())) {
      // The core before this one held its outputs back, for a reason that did not become durable.
      if (instance.phase() != Phase.CONCLUDING) {
        instance.apply(AttemptEvent.EXITED);
      }
      conclude(instance, concluded.outcome());
    } else {
      Outcome outcome = proven(instance, concluded.outcome(), concluded.published());
      ended(instance, Optional.of(now.wall()), concluded.data());
      end(instance, concluded.at(), outcome, concluded.usage(), now);
    }
  }

  /**
   * How an attempt ended, where the engine had it ended. One that was ended for its node, or
   * because the engine closes, is lost, whatever its program made of that; unless an earlier core
   * had accepted and published it.
   */
  private static Outcome proven(LiveInstance instance, Outcome outcome, boolean published) {
    NodeRun left = instance.evictedFrom;
    if (instance.isSentAway() && !(published && outcome.isSuccess())) {
      return new Outcome.Lost(
          left == null
              ? WindingDown.REASON
              : "node " + left.name() + ": " + left.record().message());
    }
    return instance.timedOut ? new Outcome.TimedOut(instance.task.plan.task().timeout()) : outcome;
  }

  private void ended(LiveInstance instance, Optional<Instant> published, Data data) {
    instance.course = instance.course.ended(published, data);
    if (data.published().count() > 0) {
      output.change(
          new Change.OutputsPublished(
              instance.task.job.sequence,
              instance.task.ordinal,
              instance.id.index(),
              instance.attempt,
              data.published()));
    }
  }

  private void end(LiveInstance instance, Instant at, Outcome proven, Usage usage, Now now) {
    boolean sentAway = instance.isSentAway();
    instance.apply(AttemptEvent.CONCLUDED);
    timers.takeBack(instance.attemptId());
    keeping.ended(instance);
    instance.ended = Optional.of(at);
    instance.outcome = Optional.of(proven);
    instance.usage = usage;
    output.change(Charge.of(instance));
    instance.task.job.activeAttempts--;
    Optional<InstanceEvent> next =
        instance.state() == State.RUNNING
            ? Optional.of(decide(instance, proven, sentAway))
            : Optional.empty();
    boolean keeps =
        instance.task.plan.reservesOnFail() && next.equals(Optional.of(InstanceEvent.GAVE_UP));
    if (keeps) {
      reserved.keep(instance, now);
    } else {
      freeNode(instance);
    }
    output.changed(instance);
    output.effect(new Effect.Release(instance.attemptId(), keeps));
    output.emit(new Event.AttemptEnded(instance.attemptId(), at, proven));
    if (next.equals(Optional.of(InstanceEvent.TRY_AGAIN))) {
      tryAgain(instance, now);
    } else if (next.isPresent()) {
      end(instance, next.get(), now);
    } else {
      instance.task.live.remove(instance.id.index());
    }
    if (instance.task.job.isOver()) {
      completion.over(instance.task.job, now);
    }
    completion.goOnEnding(instance.task.job, now);
  }

  /** What becomes of an instance that runs when its attempt has ended so. */
  private InstanceEvent decide(LiveInstance instance, Outcome outcome, boolean sentAway) {
    if (outcome.isSuccess()) {
      return InstanceEvent.SUCCEEDED;
    }
    if (instance.task.state().isEnded()) {
      // It was being published when its job came to its end, and the publishing failed.
      return InstanceEvent.JOB_ENDED;
    }
    if (sentAway) {
      return InstanceEvent.TRY_AGAIN;
    }
    Optional<Budget> budget =
        Retries.next(instance.task.retry(), outcome, instance.spent)
            .filter(any -> outcome.kind() != Outcome.Kind.OUT_OF_MEMORY || learnMemory(instance));
    if (budget.isEmpty()) {
      return InstanceEvent.GAVE_UP;
    }
    instance.spent = instance.spent.plus(budget.get());
    return InstanceEvent.TRY_AGAIN;
  }

  /**
   * An attempt ran out of memory; from now on attempts of its task get more, if the task wants
   * that.
   *
   * @return false if the attempt had all that it could get already
   */
  private boolean learnMemory(LiveInstance instance) {
    TaskRun task = instance.task;
    Optional<MemoryRetry> policy = task.retry().memory();
    if (policy.isEmpty()) {
      return true;
    }
    long had = instance.request.memoryBytes();
    long wanted = Math.max(task.learnedMemoryBytes(), policy.get().after(had));
    long most = Math.min(policy.get().maxBytes(), placer.mostMemoryBytes(task));
    task.learnMemory(Math.min(wanted, most));
    return task.learnedMemoryBytes() > had;
  }

  private void tryAgain(LiveInstance instance, Now now) {
    instance.apply(InstanceEvent.TRY_AGAIN);
    instance.task.left();
    placer.left(instance.task);
    output.changed(instance);
    completion.emitInstance(instance, now);
    output.effect(new Effect.Feed(new Input.RetryDurable(instance.attemptId())));
  }

  /** The end of a failed attempt is durable; the pause before the next one begins. */
  void retryDurable(LiveInstance instance, Now now) {
    AttemptId failed = instance.attemptId();
    Outcome outcome = instance.outcome.orElseThrow();
    instance.task.useLearnedMemory();
    Duration pause = Retries.pause(instance.task.retry(), outcome, instance.spent, failed);
    instance.retryAt = Optional.of(now.plus(pause));
    timers.set(now, pause, Timers.Kind.RETRY, failed);
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
    task.left();
    placer.left(task);
    switch (instance.state()) {
      case FINISHED -> task.finished++;
      case FAILED -> task.failed++;
      case STOPPED -> task.stopped++;
      case WAITING, RUNNING -> throw new AssertionError(instance.id + " has not ended");
    }
    task.live.remove(instance.id.index());
    output.changed(instance);
    completion.emitInstance(instance, now);
    if (!task.state().isEnded()) {
      completion.instanceEnded(instance, now);
    }
  }
}
