package dev.windlass.core.runtime;

import dev.windlass.core.job.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds up what the attempts of one task used within a group, which is then one row's change. */
final class UsageSums {
  private record Key(long sequence, int ordinal) {}

  private UsageSums() {}

  /**
   * The same changes, with a sum in the place of the first of each task: before anything that may
   * remove the job.
   */
  static List<Change> merged(List<Change> changes) {
    List<Change> merged = new ArrayList<>(changes.size());
    Map<Key, Integer> places = new HashMap<>();
    for (Change change : changes) {
      if (change instanceof Change.UsageAdded added) {
        Integer place =
            places.putIfAbsent(new Key(added.sequence(), added.ordinal()), merged.size());
        if (place != null) {
          Change.UsageAdded before = (Change.UsageAdded) merged.get(place);
          merged.set(place, sum(before, added));
          continue;
        }
      }
      merged.add(change);
    }
    return merged;
  }

  private static Change.UsageAdded sum(Change.UsageAdded one, Change.UsageAdded other) {
    return new Change.UsageAdded(
        one.sequence(), one.ordinal(), one.owner(), one.used().plus(other.used()));
  }
}
