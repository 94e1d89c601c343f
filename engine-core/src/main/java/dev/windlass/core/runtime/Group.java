package dev.windlass.core.runtime;

import dev.windlass.core.job.Change;
import dev.windlass.core.job.Effect;
import dev.windlass.event.Event;
import dev.windlass.job.InstanceId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is committed together: whatever the loop produced while the last commit was under way.
 *
 * @param changes in their order
 * @param effects what is carried out once they are durable
 */
record Group(List<Change> changes, List<Effect> effects) {

  /** The events that it records, in order. */
  List<Event> events() {
    List<Event> events = new ArrayList<>();
    for (Change change : changes) {
      if (change instanceof Change.EventRecorded recorded) {
        events.add(recorded.event());
      }
    }
    return events;
  }

  /** Says whether it purges events. */
  boolean purges() {
    return changes.stream().anyMatch(Change.EventsPurged.class::isInstance);
  }

  /** One group of several, in order. */
  static Group of(List<Group> groups) {
    List<Change> changes = new ArrayList<>();
    List<Effect> effects = new ArrayList<>();
    for (Group group : groups) {
      changes.addAll(group.changes);
      effects.addAll(group.effects);
    }
    return new Group(latestOnly(UsageSums.merged(changes)), effects);
  }

  /**
   * Leaves out records that a later record of the same thing replaces. Not across a change of
   * another kind: that one may read what stands before it.
   */
  private static List<Change> latestOnly(List<Change> changes) {
    List<Change> kept = new ArrayList<>();
    Set<Object> seen = new HashSet<>();
    for (int i = changes.size() - 1; i >= 0; i--) {
      Change change = changes.get(i);
      if (change instanceof Change.InstanceChanged instance) {
        addIfNew(kept, seen, instance.record().id(), change);
      } else if (change instanceof Change.TaskChanged task) {
        addIfNew(
            kept, seen, new TaskKey(task.record().sequence(), task.record().ordinal()), change);
      } else if (change instanceof Change.JobChanged job) {
        addIfNew(kept, seen, job.record().id(), change);
      } else if (change instanceof Change.EventRecorded
          || change instanceof Change.UsageAdded
          || change instanceof Change.OutputsPublished) {
        kept.add(change); // reads nothing of what stands before it
      } else {
        seen.removeIf(InstanceId.class::isInstance);
        kept.add(change);
      }
    }
    Collections.reverse(kept);
    return kept;
  }

  private record TaskKey(long sequence, int ordinal) {}

  private static void addIfNew(List<Change> kept, Set<Object> seen, Object key, Change change) {
    if (seen.add(key)) {
      kept.add(change);
    }
  }
}
