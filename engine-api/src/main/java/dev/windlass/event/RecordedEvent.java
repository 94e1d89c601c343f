package dev.windlass.event;

import java.util.Objects;

/**
 * An event and its place in the journal.
 *
 * @param position 1 for the first event of an engine's directory, and one more for each that
 *     follows; never given twice
 * @param event what happened
 */
public record RecordedEvent(long position, Event event) {

  /**
   * Checks the position.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public RecordedEvent {
    Objects.requireNonNull(event, "event");
    if (position < 1) {
      throw new IllegalArgumentException("position must be at least 1, was " + position);
    }
  }
}
