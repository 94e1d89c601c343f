package dev.windlass.core.platform;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** The two clocks of a machine: the wall's, which may jump, and one that only goes on. */
public interface Clock extends InstantSource {

  /** What timers go by: never goes back, whatever happens to the wall clock. */
  long nanos();

  /** This machine's clocks; the wall clock to the microsecond, as the store keeps it. */
  static Clock system() {
    return new Clock() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public Instant instant() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
      }
    };
  }
}
