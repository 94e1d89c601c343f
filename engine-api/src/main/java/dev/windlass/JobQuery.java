package dev.windlass;

import dev.windlass.job.State;
import java.util.Objects;
import java.util.Optional;

/**
 * Which jobs to list. Jobs come newest first.
 *
 * @param state only jobs in this state
 * @param name only jobs with this label
 * @param limit how many at most on a page, 1 to {@value #MAX_LIMIT}
 * @param after the marker of the previous page
 */
public record JobQuery(
    Optional<State> state, Optional<String> name, int limit, Optional<String> after) {

  /** Largest page. */
  public static final int MAX_LIMIT = 1_000;

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public JobQuery {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(after, "after");
    InstanceQuery.checkLimit(limit);
  }

  /**
   * All jobs, 50 to a page as in the service.
   *
   * @return the query
   */
  public static JobQuery all() {
    return new JobQuery(Optional.empty(), Optional.empty(), 50, Optional.empty());
  }

  /**
   * The same, only in one state.
   *
   * @param only the state
   * @return a query
   */
  public JobQuery inState(State only) {
    return new JobQuery(Optional.of(only), name, limit, after);
  }

  /**
   * The same, only with one label.
   *
   * @param only the label
   * @return a query
   */
  public JobQuery named(String only) {
    return new JobQuery(state, Optional.of(only), limit, after);
  }

  /**
   * The same with another page size.
   *
   * @param most 1 to {@value #MAX_LIMIT}
   * @return a query
   */
  public JobQuery limit(int most) {
    return new JobQuery(state, name, most, after);
  }

  /**
   * The page that follows.
   *
   * @param marker from {@link Page#next}
   * @return a query
   */
  public JobQuery after(String marker) {
    return new JobQuery(state, name, limit, Optional.of(marker));
  }
}
