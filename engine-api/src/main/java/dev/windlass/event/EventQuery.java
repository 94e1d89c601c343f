package dev.windlass.event;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * Which part of the journal to read.
 *
 * @param filter which events are wanted
 * @param after only events behind this position; empty to begin with the oldest that is kept
 * @param limit how many at most on a page, 1 to {@value #MAX_LIMIT}
 */
public record EventQuery(EventFilter filter, OptionalLong after, int limit) {

  /** Largest page. */
  public static final int MAX_LIMIT = 1_000;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public EventQuery {
    Objects.requireNonNull(filter, "filter");
    if (after.orElse(0) < 0) {
      throw new IllegalArgumentException("after must not be negative, was " + after.getAsLong());
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ", was " + limit);
    }
  }

  /**
   * Everything that is kept, oldest first, 100 to a page.
   *
   * @return the query
   */
  public static EventQuery all() {
    return of(EventFilter.all());
  }

  /**
   * Some of what is kept, oldest first, 100 to a page.
   *
   * @param filter which events
   * @return the query
   */
  public static EventQuery of(EventFilter filter) {
    return new EventQuery(filter, OptionalLong.empty(), 100);
  }

  /**
   * The same from a position on.
   *
   * @param position the last one that is not wanted; 0 for the very beginning
   * @return a query
   */
  public EventQuery after(long position) {
    return new EventQuery(filter, OptionalLong.of(position), limit);
  }

  /**
   * The same with another page size.
   *
   * @param most 1 to {@value #MAX_LIMIT}
   * @return a query
   */
  public EventQuery limit(int most) {
    return new EventQuery(filter, after, most);
  }
}
