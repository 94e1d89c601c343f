package dev.windlass.testkit.script;

import dev.windlass.job.Outcome;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How and when a scripted program ends by itself. Immutable.
 *
 * @param outcome how; empty if it runs until it is cancelled or its task's timeout ends it
 * @param after how long it runs, not negative; of no meaning if it has no end of its own
 */
public record ProgramEnd(Optional<Outcome> outcome, Duration after) {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the duration is negative, or the outcome is that of a
   *     timeout, which is the engine's alone
   */
  public ProgramEnd {
    Objects.requireNonNull(outcome, "outcome");
    if (after.isNegative()) {
      throw new IllegalArgumentException("after must not be negative, was " + after);
    }
    if (outcome.map(Outcome::kind).equals(Optional.of(Outcome.Kind.TIMED_OUT))) {
      throw new IllegalArgumentException(
          "a program does not time out by itself; let it run forever, and the engine ends it");
    }
  }

  /**
   * An end after one second.
   *
   * @param outcome how; not a timeout
   * @return the end
   * @throws IllegalArgumentException if it is a timeout
   */
  public static ProgramEnd of(Outcome outcome) {
    return new ProgramEnd(Optional.of(outcome), ScriptStep.USUAL_DURATION);
  }

  /**
   * An end with an exit code after one second.
   *
   * @param code 0 to 255; 0 is success
   * @return the end
   * @throws IllegalArgumentException if out of range
   */
  public static ProgramEnd exited(int code) {
    return of(new Outcome.Exited(code));
  }

  /**
   * No end of its own: the program runs until it is cancelled or its task's timeout ends it.
   *
   * @return the end that does not come
   */
  public static ProgramEnd never() {
    return new ProgramEnd(Optional.empty(), Duration.ZERO);
  }

  /**
   * The same end at another time.
   *
   * @param duration how long the program runs; not negative
   * @return an end
   * @throws IllegalArgumentException if negative
   */
  public ProgramEnd after(Duration duration) {
    return new ProgramEnd(outcome, duration);
  }
}
