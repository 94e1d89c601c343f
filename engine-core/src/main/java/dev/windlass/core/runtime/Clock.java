package dev.windlass.core.runtime;

import dev.windlass.core.job.Now;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** The seam through which time comes in. */
public interface Clock extends InstantSource {

  /** What timers go by: never goes back, whatever happens to the wall clock. */
  long nanos();

  /** Both at once. */
  default Now now() {
    return new Now(instant(), nanos());
  }

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
