package dev.windlass.core.job;

import dev.windlass.cluster.InstanceTypes;
import dev.windlass.job.ClusterName;
import dev.windlass.job.JobId;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.util.Map;
import java.util.Optional;

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

  /**
   * What an attempt of a task books: what the task says, otherwise what its instance type has.
   *
   * @param types may lack the type of a job that was accepted when they had it, or before there
   *     were any
   */
  public static Resources requestOf(TaskDescription task, InstanceTypes types) {
    return task.resources()
        .or(() -> instanceType(task).flatMap(types::find))
        .orElse(DEFAULT_REQUEST);
  }

  /** The type by which a task asks for capacity of its own. */
  public static Optional<String> instanceType(TaskDescription task) {
    return task.placement() instanceof Placement.AutoCluster auto
        ? Optional.of(auto.instanceType())
        : Optional.empty();
  }

  /** Says whether what an instance books is kept when it fails for good. */
  boolean reservesOnFail() {
    return task.placement() instanceof Placement.AutoCluster auto && auto.reserveOnFail();
  }

  /**
   * Says whether something is to be done between the end of the program and the end of the attempt.
   */
  boolean publishes() {
    return !task.secrets().isEmpty() // its logs are masked, also where they stay
        || !task.mappings().isEmpty()
        || task.stdoutFolder().isPresent()
        || task.stderrFolder().isPresent();
  }
}
