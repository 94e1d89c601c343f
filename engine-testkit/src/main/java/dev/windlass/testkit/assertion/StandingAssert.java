package dev.windlass.testkit.assertion;

import dev.windlass.job.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about something that has a state and a time: a job, a task or an instance.
 *
 * @param <S> the type of the assertions
 * @param <A> the type of the status
 */
public abstract class StandingAssert<S extends StandingAssert<S, A>, A>
    extends AbstractAssert<S, A> {

  StandingAssert(A status, Class<S> type) {
    super(status, type);
  }

  abstract String what();

  abstract State state();

  abstract Optional<Instant> started();

  abstract Optional<Instant> ended();

  /** How everything stands, for the message of a failure; empty if there is no more to tell. */
  abstract String picture();

  /** Fails with a message and the picture. */
  final AssertionError failed(String message) {
    String picture = picture();
    return failure("%s", message + (picture.isEmpty() ? "" : "\n\n" + picture));
  }

  /**
   * It ended well.
   *
   * @return this
   */
  public S isFinished() {
    return hasState(State.FINISHED);
  }

  /**
   * It ended badly.
   *
   * @return this
   */
  public S isFailed() {
    return hasState(State.FAILED);
  }

  /**
   * It was ended before it was done.
   *
   * @return this
   */
  public S isStopped() {
    return hasState(State.STOPPED);
  }

  /**
   * It runs.
   *
   * @return this
   */
  public S isRunning() {
    return hasState(State.RUNNING);
  }

  /**
   * It waits.
   *
   * @return this
   */
  public S isWaiting() {
    return hasState(State.WAITING);
  }

  /**
   * It stands in a state.
   *
   * @param expected the state
   * @return this
   */
  public S hasState(State expected) {
    if (state() != expected) {
      throw failed(what() + " should be " + expected + " but is " + state());
    }
    return myself;
  }

  /**
   * It took exactly this long. On virtual time durations are exact; on real time use {@link
   * #tookBetween}.
   *
   * @param expected from the first begin of a program of it to its end
   * @return this
   */
  public S lasted(Duration expected) {
    Duration took = took();
    if (!took.equals(expected)) {
      throw failed(what() + " should have lasted " + expected + " but lasted " + took);
    }
    return myself;
  }

  /**
   * It took about this long.
   *
   * @param least from the first begin of a program of it to its end, at least
   * @param most the same, at most
   * @return this
   */
  public S tookBetween(Duration least, Duration most) {
    Duration took = took();
    if (took.compareTo(least) < 0 || took.compareTo(most) > 0) {
      throw failed(
          what() + " should have taken between " + least + " and " + most + " but took " + took);
    }
    return myself;
  }

  private Duration took() {
    if (started().isEmpty() || ended().isEmpty()) {
      throw failed(
          what()
              + " has "
              + (started().isEmpty() ? "not begun" : "not ended")
              + ", so it has no length");
    }
    return Duration.between(started().get(), ended().get());
  }
}
