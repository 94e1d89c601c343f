package dev.windlass;

import dev.windlass.job.State;
import java.util.Objects;
import java.util.Optional;

/**
 * Which instances of a task to list. Instances come in the order of their indexes.
 *
 * @param state only instances in this state
 * @param limit how many at most on a page, 1 to {@value JobQuery#MAX_LIMIT}
 * @param after the marker of the previous page
 */
public record InstanceQuery(Optional<State> state, int limit, Optional<String> after) {

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public InstanceQuery {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(after, "after");
    checkLimit(limit);
  }

  static void checkLimit(int limit) {
    if (limit < 1 || limit > JobQuery.MAX_LIMIT) {
      throw new IllegalArgumentException(
          "limit must be 1 to " + JobQuery.MAX_LIMIT + ", was " + limit);
    }
  }

  /**
   * All instances, 50 to a page as in the service.
   *
   * @return the query
   */
  public static InstanceQuery all() {
    return new InstanceQuery(Optional.empty(), 50, Optional.empty());
  }

  /**
   * The same, only in one state.
   *
   * @param only the state
   * @return a query
   */
  public InstanceQuery inState(State only) {
    return new InstanceQuery(Optional.of(only), limit, after);
  }

  /**
   * The same with another page size.
   *
   * @param most 1 to {@value JobQuery#MAX_LIMIT}
   * @return a query
   */
  public InstanceQuery limit(int most) {
    return new InstanceQuery(state, most, after);
  }

  /**
   * The page that follows.
   *
   * @param marker from {@link Page#next}
   * @return a query
   */
  public InstanceQuery after(String marker) {
    return new InstanceQuery(state, limit, Optional.of(marker));
  }
}
