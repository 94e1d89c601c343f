package dev.windlass.core.job;

import dev.windlass.core.cluster.NodeRun;
import dev.windlass.core.job.Tables.AttemptEvent;
import dev.windlass.core.job.Tables.InstanceEvent;
import dev.windlass.core.job.Tables.Phase;
import dev.windlass.core.schedule.Booking;
import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.Spent;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An instance that has an attempt under way or waits to be tried again. All other instances are
 * numbers only (design, 4.3).
 */
final class LiveInstance {
  final TaskRun task;
  final InstanceId id;

  private State state;
  private Phase phase;
  int attempt;
  Spent spent = Spent.NOTHING;

  /** What the attempt books. */
  Resources request;

  /** When the pause after a failure is over, once it has begun. */
  Optional<Now> retryAt = Optional.empty();

  /** That pause is over, and it waits for its turn. */
  boolean inLine;

  String nodeName = "";
  String executor = "";

  /** The devices of the node that the attempt has, or had. */
  List<Integer> gpuDevices = List.of();

  /** What the attempt has booked; null once its program is over. */
  @Nullable Booking booked;

  /** The attempt was told to end; whatever it does now, it is not accepted. */
  boolean cancelled;

  /** It was told to end because this node goes; it begins anew without using up a retry. */
  @Nullable NodeRun evictedFrom;

  /** It was told to end because the engine closes; as one that was ended for its node. */
  boolean halted;

  /** It was told to end because it ran too long. */
  boolean timedOut;

  /** Its outputs are being published; it cannot be stopped any more. */
  boolean accepted;

  Optional<Instant> started = Optional.empty();
  Optional<Instant> ended = Optional.empty();
  Optional<Outcome> outcome = Optional.empty();
  Usage usage = Usage.unknown();
  Course course = Course.UNKNOWN;

  LiveInstance(TaskRun task, int index) {
    this.task = task;
    this.id = new InstanceId(task.job.id, task.plan.name(), index);
    this.state = State.WAITING;
    this.phase = Phase.ENDED;
    this.request = task.request();
  }

  /**
   * As the store holds it. What an active attempt does now is not known until its executor has
   * told.
   */
  LiveInstance(TaskRun task, InstanceRecord record) {
    this.task = task;
    this.id = record.id();
    this.state = record.state();
    this.phase = record.active() ? Phase.LAUNCHING : Phase.ENDED;
    this.attempt = record.attempt();
    this.spent = record.spent();
    this.request = record.booked();
    this.nodeName = record.node();
    this.gpuDevices = record.gpuDevices();
    this.executor = record.executor();
    this.started = record.attemptStarted();
    this.ended = record.attemptEnded();
    this.outcome = record.outcome();
    this.usage = record.usage();
    this.course = record.course();
  }

  State state() {
    return state;
  }

  Phase phase() {
    return phase;
  }

  boolean isActive() {
    return phase != Phase.ENDED;
  }

  AttemptId attemptId() {
    return id.attempt(attempt);
  }

  /** Says whether it was told to end for no reason of its own. */
  boolean isSentAway() {
    return evictedFrom != null || halted;
  }

  void apply(InstanceEvent event) {
    state = Tables.INSTANCE.next(state, event);
  }

  void apply(AttemptEvent event) {
    phase = Tables.ATTEMPT.next(phase, event);
  }

  /**
   * Begins the next attempt.
   *
   * @param devices the devices of the node that it gets
   */
  void begin(int number, Node node, List<Integer> devices) {
    if (isActive() || number <= attempt) {
      throw new AssertionError("attempt " + number + " of " + id + " after " + attempt);
    }
    attempt = number;
    course = Course.begun(ended.or(() -> task.openedAt), Optional.empty());
    retryAt = Optional.empty();
    inLine = false;
    phase = Phase.LAUNCHING;
    request = task.request();
    gpuDevices = devices;
    nodeName = node.name();
    executor = node.executor();
    cancelled = false;
    evictedFrom = null;
    halted = false;
    timedOut = false;
    accepted = false;
    started = Optional.empty();
    ended = Optional.empty();
    outcome = Optional.empty();
    usage = Usage.unknown();
  }

  InstanceRecord record() {
    return new InstanceRecord(
        id,
        task.job.sequence,
        task.ordinal,
        state,
        attempt,
        isActive(),
        spent,
        request,
        gpuDevices,
        nodeName,
        executor,
        started,
        ended,
        outcome,
        usage,
        course);
  }
}
