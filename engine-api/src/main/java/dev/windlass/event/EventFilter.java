package dev.windlass.event;

import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which events are meant. Each condition narrows what the others leave.
 *
 * @param kinds only events of these kinds; all of them if none is named. Copied
 * @param notifications only events of these names; whatever their name if none is given. Copied
 * @param job only events of this job
 * @param instance only events of this instance and its attempts
 */
public record EventFilter(
    Set<Event.Kind> kinds,
    Set<Notification> notifications,
    Optional<JobId> job,
    Optional<InstanceId> instance) {

  private static final EventFilter ALL =
      new EventFilter(Set.of(), Set.of(), Optional.empty(), Optional.empty());

  /** Copies the sets. */
  public EventFilter {
    kinds = Set.copyOf(kinds);
    notifications = Set.copyOf(notifications);
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(instance, "instance");
  }

  /**
   * Every event.
   *
   * @return the filter
   */
  public static EventFilter all() {
    return ALL;
  }

  /**
   * The same, only of some kinds.
   *
   * @param only at least one
   * @return a filter
   */
  public EventFilter ofKinds(Event.Kind... only) {
    return new EventFilter(Set.of(only), notifications, job, instance);
  }

  /**
   * The same, only those that the service has a name for and that are called so.
   *
   * @param only at least one
   * @return a filter
   */
  public EventFilter named(Notification... only) {
    return new EventFilter(kinds, Set.of(only), job, instance);
  }

  /**
   * The same, only of one job: its history.
   *
   * @param only the job, which need not be there any more
   * @return a filter
   */
  public EventFilter ofJob(JobId only) {
    return new EventFilter(kinds, notifications, Optional.of(only), instance);
  }

  /**
   * The same, only of one instance and its attempts.
   *
   * @param only the instance
   * @return a filter
   */
  public EventFilter ofInstance(InstanceId only) {
    return new EventFilter(kinds, notifications, Optional.of(only.job()), Optional.of(only));
  }

  /**
   * The kinds that an event can have and pass; what a store looks for first.
   *
   * @return a subset of all kinds, possibly empty
   */
  public Set<Event.Kind> possibleKinds() {
    Set<Event.Kind> possible =
        kinds.isEmpty() ? EnumSet.allOf(Event.Kind.class) : EnumSet.copyOf(kinds);
    if (!notifications.isEmpty()) {
      possible.retainAll(
          notifications.stream().map(Notification::kind).collect(Collectors.toSet()));
    }
    return possible;
  }

  /**
   * Says whether an event is meant.
   *
   * @param event any
   * @return true if it meets all conditions
   */
  public boolean passes(Event event) {
    return (kinds.isEmpty() || kinds.contains(event.kind()))
        && (notifications.isEmpty()
            || Notification.of(event).filter(notifications::contains).isPresent())
        && (job.isEmpty() || (event instanceof Event.JobEvent of && of.job().equals(job.get())))
        && (instance.isEmpty() || Event.instanceOf(event).equals(instance));
  }
}
