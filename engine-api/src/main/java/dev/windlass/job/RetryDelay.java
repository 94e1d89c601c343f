package dev.windlass.job;

import java.time.Duration;
import java.util.Objects;

/**
 * The pauses between the tries of an instance. The pause before try <em>n + 1</em> is {@code first}
 * doubled <em>n - 1</em> times, at most {@code longest}, and made shorter by up to a quarter so
 * that instances that failed together do not come back together.
 *
 * @param first pause after the first failure; not negative
 * @param longest at least {@code first}, at most a day
 */
public record RetryDelay(Duration first, Duration longest) {

  /** One second at first, five minutes at most. */
  public static final RetryDelay USUAL =
      new RetryDelay(Duration.ofSeconds(1), Duration.ofMinutes(5));

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if out of range
   */
  public RetryDelay {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(longest, "longest");
    if (first.isNegative()
        || longest.compareTo(first) < 0
        || longest.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "0 <= first delay <= longest delay <= 1 day must hold, was " + first + " and " + longest);
    }
  }
}
