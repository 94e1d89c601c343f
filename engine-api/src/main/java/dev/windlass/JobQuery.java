package dev.windlass;

import dev.windlass.job.State;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which jobs to list: those for which all of this holds. Jobs come newest first.
 *
 * @param states only jobs in one of these states; empty for any
 * @param name only jobs with this name
 * @param createdFrom only jobs accepted then or later
 * @param createdBefore only jobs accepted earlier
 * @param owner only jobs of this owner
 * @param labels only jobs with all of these labels, each with this value
 * @param limit how many at most on a page, 1 to {@value #MAX_LIMIT}
 * @param after the marker of the previous page
 */
public record JobQuery(
    Set<State> states,
    Optional<String> name,
    Optional<Instant> createdFrom,
    Optional<Instant> createdBefore,
    Optional<String> owner,
    SortedMap<String, String> labels,
    int limit,
    Optional<String> after) {

  /** Largest page. */
  public static final int MAX_LIMIT = 1_000;

  /**
   * Checks the limit and copies collections.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public JobQuery {
    states = InstanceQuery.copy(states);
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(createdFrom, "createdFrom");
    Objects.requireNonNull(createdBefore, "createdBefore");
    Objects.requireNonNull(owner, "owner");
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    Objects.requireNonNull(after, "after");
    InstanceQuery.checkLimit(limit);
  }

  /**
   * All jobs, 50 to a page as in the service.
   *
   * @return the query
   */
  public static JobQuery all() {
    return new JobQuery(
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new TreeMap<>(),
        50,
        Optional.empty());
  }

  /**
   * The same, only in one state, whatever was asked for before.
   *
   * @param only the state
   * @return a query
   */
  public JobQuery inState(State only) {
    return inStates(EnumSet.of(only));
  }

  /**
   * The same, only in some states, whatever was asked for before.
   *
   * @param only the states; none for any
   * @return a query
   */
  public JobQuery inStates(Set<State> only) {
    return new JobQuery(only, name, createdFrom, createdBefore, owner, labels, limit, after);
  }

  /**
   * The same, only with one name.
   *
   * @param only the name
   * @return a query
   */
  public JobQuery named(String only) {
    return new JobQuery(
        states, Optional.of(only), createdFrom, createdBefore, owner, labels, limit, after);
  }

  /**
   * The same, only what was accepted from some time on.
   *
   * @param earliest the earliest time that is meant
   * @return a query
   */
  public JobQuery createdFrom(Instant earliest) {
    return new JobQuery(
        states, name, Optional.of(earliest), createdBefore, owner, labels, limit, after);
  }

  /**
   * The same, only what was accepted before some time.
   *
   * @param end the earliest time that is not meant any more
   * @return a query
   */
  public JobQuery createdBefore(Instant end) {
    return new JobQuery(states, name, createdFrom, Optional.of(end), owner, labels, limit, after);
  }

  /**
   * The same, only of one owner.
   *
   * @param only the owner
   * @return a query
   */
  public JobQuery ownedBy(String only) {
    return new JobQuery(
        states, name, createdFrom, createdBefore, Optional.of(only), labels, limit, after);
  }

  /**
   * The same, only with one label more.
   *
   * @param label its name
   * @param value its value
   * @return a query
   */
  public JobQuery labelled(String label, String value) {
    SortedMap<String, String> more = new TreeMap<>(labels);
    more.put(label, value);
    return new JobQuery(states, name, createdFrom, createdBefore, owner, more, limit, after);
  }

  /**
   * The same with another page size.
   *
   * @param most 1 to {@value #MAX_LIMIT}
   * @return a query
   */
  public JobQuery limit(int most) {
    return new JobQuery(states, name, createdFrom, createdBefore, owner, labels, most, after);
  }

  /**
   * The page that follows.
   *
   * @param marker from {@link Page#next}
   * @return a query
   */
  public JobQuery after(String marker) {
    return new JobQuery(
        states, name, createdFrom, createdBefore, owner, labels, limit, Optional.of(marker));
  }

  /**
   * Says whether a job is one of those that are meant, on whatever page.
   *
   * @param job where it stands
   * @return false if anything does not hold
   */
  public boolean matches(JobStatus job) {
    return (states.isEmpty() || states.contains(job.state()))
        && name.map(job.name()::equals).orElse(true)
        && createdFrom.map(from -> !job.created().isBefore(from)).orElse(true)
        && createdBefore.map(job.created()::isBefore).orElse(true)
        && (owner.isEmpty() || owner.equals(job.owner()))
        && job.labels().entrySet().containsAll(labels.entrySet());
  }
}
