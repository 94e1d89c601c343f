package dev.windlass;

import dev.windlass.job.State;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which instances of a task to list. Instances come in the order of their indexes.
 *
 * @param states only instances in one of these states; empty for any
 * @param limit how many at most on a page, 1 to {@value JobQuery#MAX_LIMIT}
 * @param after the marker of the previous page
 */
public record InstanceQuery(Set<State> states, int limit, Optional<String> after) {

  /**
   * Checks the limit and copies the states.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public InstanceQuery {
    states = copy(states);
    Objects.requireNonNull(after, "after");
    checkLimit(limit);
  }

  static void checkLimit(int limit) {
    if (limit < 1 || limit > JobQuery.MAX_LIMIT) {
      throw new IllegalArgumentException(
          "limit must be 1 to " + JobQuery.MAX_LIMIT + ", was " + limit);
    }
  }

  /** In the order of the states' declaration. */
  static Set<State> copy(Set<State> states) {
    Set<State> copy = EnumSet.noneOf(State.class);
    copy.addAll(states);
    return Collections.unmodifiableSet(copy);
  }

  /**
   * All instances, 50 to a page as in the service.
   *
   * @return the query
   */
  public static InstanceQuery all() {
    return new InstanceQuery(Set.of(), 50, Optional.empty());
  }

  /**
   * The same, only in one state, whatever was asked for before.
   *
   * @param only the state
   * @return a query
   */
  public InstanceQuery inState(State only) {
    return inStates(EnumSet.of(only));
  }

  /**
   * The same, only in some states, whatever was asked for before.
   *
   * @param only the states; none for any
   * @return a query
   */
  public InstanceQuery inStates(Set<State> only) {
    return new InstanceQuery(only, limit, after);
  }

  /**
   * The same with another page size.
   *
   * @param most 1 to {@value JobQuery#MAX_LIMIT}
   * @return a query
   */
  public InstanceQuery limit(int most) {
    return new InstanceQuery(states, most, after);
  }

  /**
   * The page that follows.
   *
   * @param marker from {@link Page#next}
   * @return a query
   */
  public InstanceQuery after(String marker) {
    return new InstanceQuery(states, limit, Optional.of(marker));
  }

  /**
   * Says whether an instance in a state is one of those that are meant, on whatever page.
   *
   * @param state its state
   * @return false if only others are meant
   */
  public boolean matches(State state) {
    return states.isEmpty() || states.contains(state);
  }
}
