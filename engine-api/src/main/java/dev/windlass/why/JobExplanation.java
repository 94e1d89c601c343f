package dev.windlass.why;

import dev.windlass.job.JobId;
import java.util.List;

/**
 * Why the tasks of a job do not run.
 *
 * @param job the job
 * @param tasks all of them, in the order of the description; without remedies, for which one asks
 *     the task
 */
public record JobExplanation(JobId job, List<TaskExplanation> tasks) {

  /** Copies the list. */
  public JobExplanation {
    tasks = List.copyOf(tasks);
  }
}
