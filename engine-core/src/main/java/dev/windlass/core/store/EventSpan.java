package dev.windlass.core.store;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.EventsPurgedException;

/**
 * Which part of the journal is kept; there is no gap in it.
 *
 * @param oldest position of the oldest event; the one after the last if there is none
 * @param last position of the newest event; 0 if there never was one
 */
public record EventSpan(long oldest, long last) {

  /** How many events are kept. */
  public long count() {
    return last - oldest + 1;
  }

  /**
   * Checks that all events behind a position are there.
   *
   * @throws EventsPurgedException if some are not any more
   * @throws EngineException {@code RANGE} if there was never one at the position
   */
  public void check(long after) {
    if (after > last) {
      throw new EngineException(
          ErrorCode.RANGE,
          Long.toString(after),
          "the journal has not come to position " + after + "; its last is " + last);
    }
    if (after < oldest - 1) {
      throw new EventsPurgedException(after, oldest);
    }
  }
}
