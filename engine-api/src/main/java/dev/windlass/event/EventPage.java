package dev.windlass.event;

import java.util.List;

/**
 * A part of the journal.
 *
 * @param events those that were asked for, in the order of their positions; copied
 * @param end up to which position the journal was looked through. The next page is the one {@link
 *     EventQuery#after} it, also if this one is empty
 * @param more whether the journal has gone on behind that position
 */
public record EventPage(List<RecordedEvent> events, long end, boolean more) {

  /** Copies the list. */
  public EventPage {
    events = List.copyOf(events);
  }
}
