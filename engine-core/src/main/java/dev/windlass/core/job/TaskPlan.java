package dev.windlass.core.job;

import dev.windlass.job.ClusterName;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.util.Map;

/**
 * What is the same for all attempts of a task.
 *
 * @param executor name of the executor that runs it
 * @param request what an attempt books
 * @param clusterEnvironment variables of a cluster of the host's configuration; those of other
 *     clusters may change
 */
public record TaskPlan(
    JobId job,
    TaskName name,
    TaskDescription task,
    ClusterName cluster,
    String executor,
    Resources request,
    Map<String, String> clusterEnvironment) {

  /**
   * What an attempt books if its task does not say: one processor (design, decision on resources).
   */
  private static final Resources DEFAULT_REQUEST = Resources.cpus(1);

  /** What an attempt of a task books. */
  public static Resources requestOf(TaskDescription task) {
    return task.resources().orElse(DEFAULT_REQUEST);
  }

  /**
   * Says whether something is to be done between the end of the program and the end of the attempt.
   */
  boolean publishes() {
    return !task.mappings().isEmpty()
        || task.stdoutFolder().isPresent()
        || task.stderrFolder().isPresent();
  }
}
