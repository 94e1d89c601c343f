package dev.windlass.testkit.store;

import dev.windlass.core.job.Change;
import java.util.ArrayList;
import java.util.List;

/**
 * All groups of changes that were ever handed to the stores on one disk, by number. It stands for
 * the bytes of the groups, of which the disk keeps the numbers only: how changes are encoded is not
 * what is simulated. It survives every crash, but says nothing about what was committed.
 */
public final class GroupTable {
  private final List<List<Change>> groups = new ArrayList<>();

  /** Gives a group its number, which is never used again. */
  public int add(List<Change> group) {
    groups.add(List.copyOf(group));
    return groups.size() - 1;
  }

  /** The group with a number. */
  public List<Change> get(int number) {
    return groups.get(number);
  }
}
