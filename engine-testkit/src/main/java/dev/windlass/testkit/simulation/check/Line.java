package dev.windlass.testkit.simulation.check;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import java.time.Duration;
import java.util.Optional;

/** What really became of one attempt. All times are virtual. */
public final class Line {

  /** The engine has learnt of a start or an end after this time, whatever holds up the report. */
  private static final long LONGEST_NEWS_NANOS = Duration.ofSeconds(5).toNanos();

  private static final long NEVER = -1;

  private final AttemptSpec spec;
  private long beganNanos = NEVER;
  private long endedNanos = NEVER;
  private long stoppedNanos = NEVER;
  private boolean clockJumped;
  private boolean clockJumpedSoon;
  private boolean learntAnew;
  private Optional<Outcome> outcome = Optional.empty();

  Line(AttemptSpec spec) {
    this.spec = spec;
  }

  /** What was launched. */
  AttemptSpec spec() {
    return spec;
  }

  AttemptId id() {
    return spec.id();
  }

  void begins(long nanos) {
    beganNanos = nanos;
  }

  boolean hasBegun() {
    return beganNanos != NEVER;
  }

  void ends(long nanos, Outcome how) {
    endedNanos = nanos;
    outcome = Optional.of(how);
  }

  /** How the program ended; empty as long as it has not. */
  Optional<Outcome> outcome() {
    return outcome;
  }

  long beganNanos() {
    return beganNanos;
  }

  long endedNanos() {
    return endedNanos;
  }

  /** Its program failed, and nobody ended it. */
  boolean failedByItself() {
    return outcome.isPresent()
        && switch (outcome.get().kind()) {
          case EXITED -> !outcome.get().isSuccess();
          case SIGNALLED, OUT_OF_MEMORY -> true;
          case TIMED_OUT, LOST, REFUSED, STAGE_IN_FAILED, STAGE_OUT_FAILED, CANCELLED -> false;
        };
  }

  boolean hasSucceeded() {
    return outcome.map(Outcome::isSuccess).orElse(false);
  }

  /** It is on record that the instance is stopped, and the program still runs. */
  void stops(long nanos) {
    if (stoppedNanos == NEVER) {
      stoppedNanos = nanos;
    }
  }

  /** Says whether the program still ran when it was on record that its instance is stopped. */
  boolean wasStopped() {
    return stoppedNanos != NEVER;
  }

  long stoppedNanos() {
    return stoppedNanos;
  }

  void clockJumped(long nanos) {
    clockJumped = true;
    clockJumpedSoon |= nanos - beganNanos < LONGEST_NEWS_NANOS;
  }

  /** The engine has asked anew when the program began. */
  void learntAnew() {
    learntAnew = true;
  }

  /**
   * Says whether the engine cannot know when the program began: that is told by the clock on the
   * wall, which was set before the engine learnt of it.
   */
  boolean hasUnknownStart() {
    return clockJumpedSoon || (clockJumped && learntAnew);
  }

  /**
   * Says whether the program was given the time that its task allows, or ended so soon before that
   * the engine may have heard of it too late, or the engine cannot know.
   */
  boolean hadTime(Duration timeout) {
    long ran = endedNanos - beganNanos;
    return hasUnknownStart() || (hasBegun() && ran + LONGEST_NEWS_NANOS >= timeout.toNanos());
  }
}
