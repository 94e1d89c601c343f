package dev.windlass.job;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an attempt used, as far as the executor can know.
 *
 * @param wall from the program's start to its end; empty if it never started
 * @param cpu processor time of the program and all it started; empty if unknown
 * @param peakMemoryBytes most memory held at once by the program and all it started; empty if
 *     unknown
 */
public record Usage(Optional<Duration> wall, Optional<Duration> cpu, OptionalLong peakMemoryBytes) {

  private static final Usage UNKNOWN =
      new Usage(Optional.empty(), Optional.empty(), OptionalLong.empty());

  /**
   * Nothing is known.
   *
   * @return the usage with all parts empty
   */
  public static Usage unknown() {
    return UNKNOWN;
  }
}
