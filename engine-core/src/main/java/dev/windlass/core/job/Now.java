package dev.windlass.core.job;

import java.time.Duration;
import java.time.Instant;

/**
 * The time of an input. Given to the core, which has no clock.
 *
 * @param wall what the records say; may jump
 * @param nanos what timers go by; never goes back
 */
public record Now(Instant wall, long nanos) {

  /** A time after this, if nobody sets the clock meanwhile. */
  Now plus(Duration duration) {
    return new Now(wall.plus(duration), nanos + duration.toNanos());
  }
}
