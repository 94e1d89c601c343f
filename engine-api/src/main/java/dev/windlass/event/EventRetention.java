package dev.windlass.event;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much of the journal is kept. What is older is purged in the background, in small steps, while
 * new events come; so a little more than this may be there, and the newest event always is.
 *
 * @param count how many events, at least 1; empty for no bound
 * @param age for how long, by the engine's clock, more than nothing; empty for no bound
 */
public record EventRetention(OptionalLong count, Optional<Duration> age) {

  /** What is kept where nothing else is asked for: a million events, each for at most 90 days. */
  public static final EventRetention DEFAULT =
      new EventRetention(OptionalLong.of(1_000_000), Optional.of(Duration.ofDays(90)));

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public EventRetention {
    Objects.requireNonNull(age, "age");
    if (count.orElse(1) < 1) {
      throw new IllegalArgumentException("count must be at least 1, was " + count.getAsLong());
    }
    if (age.isPresent() && (age.get().isNegative() || age.get().isZero())) {
      throw new IllegalArgumentException("age must be more than nothing, was " + age.get());
    }
  }

  /**
   * A number of events, however old.
   *
   * @param events at least 1
   * @return the bound
   * @throws IllegalArgumentException if out of range
   */
  public static EventRetention ofCount(long events) {
    return new EventRetention(OptionalLong.of(events), Optional.empty());
  }

  /**
   * The events of a time, however many.
   *
   * @param age more than nothing
   * @return the bound
   * @throws IllegalArgumentException if out of range
   */
  public static EventRetention ofAge(Duration age) {
    return new EventRetention(OptionalLong.empty(), Optional.of(age));
  }

  /**
   * Everything, for ever.
   *
   * @return no bound
   */
  public static EventRetention unlimited() {
    return new EventRetention(OptionalLong.empty(), Optional.empty());
  }
}
