package dev.windlass.report;

import dev.windlass.job.Condition;
import dev.windlass.job.JobDescription;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * That a task comes after another.
 *
 * @param before the task that is waited for
 * @param after the task that waits
 * @param condition how the first must have ended, if the description says so
 * @param perInstance true if instance i waits for instance i only
 */
public record Dependency(
    TaskName before, TaskName after, Optional<Condition> condition, boolean perInstance) {

  /** All of a job, in the order of its description. */
  static List<Dependency> of(JobDescription job) {
    List<Dependency> found = new ArrayList<>();
    job.dependencies()
        .forEach(
            (before, successors) -> {
              for (TaskName after : successors) {
                TaskDescription waits = job.tasks().get(after);
                found.add(
                    new Dependency(
                        before,
                        after,
                        Optional.ofNullable(waits).map(task -> task.conditions().get(before)),
                        waits != null && waits.perInstance().contains(before)));
              }
            });
    return List.copyOf(found);
  }
}
