package dev.windlass.report;

import java.time.Duration;
import java.time.Instant;

/**
 * A time from one moment to another.
 *
 * @param from its beginning
 * @param to its end, not before the beginning
 */
public record Span(Instant from, Instant to) {

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if the end comes before the beginning
   */
  public Span {
    if (to.isBefore(from)) {
      throw new IllegalArgumentException("a span ends at " + to + ", before it begins at " + from);
    }
  }

  /**
   * How long it is.
   *
   * @return at least zero
   */
  public Duration length() {
    return Duration.between(from, to);
  }
}
