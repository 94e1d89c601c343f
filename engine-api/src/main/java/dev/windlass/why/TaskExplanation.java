package dev.windlass.why;

import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.util.List;
import java.util.OptionalInt;

/**
 * Why the instances of a task do not run, those with the same reasons together.
 *
 * @param job the job
 * @param task the task
 * @param groups at least one; those that wait first, then those that run, then those that have
 *     ended
 */
public record TaskExplanation(JobId job, TaskName task, List<Group> groups) {

  /** Copies the list. */
  public TaskExplanation {
    groups = List.copyOf(groups);
  }

  /**
   * Instances of the task for which the same holds.
   *
   * @param count how many, at least 1
   * @param example the index of one of them: of those that can begin the one that is next, of those
   *     that pause the one whose pause ends first; empty for those that have ended
   * @param reasons at least one, those of the example; what must come first stands first
   * @param remedies as in {@link InstanceExplanation}, for the example; empty in the explanation of
   *     a whole job
   */
  public record Group(int count, OptionalInt example, List<Reason> reasons, List<Remedy> remedies) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is no instance or no reason
     */
    public Group {
      reasons = List.copyOf(reasons);
      remedies = List.copyOf(remedies);
      if (count < 1 || reasons.isEmpty()) {
        throw new IllegalArgumentException("a group has an instance and a reason");
      }
    }
  }
}
