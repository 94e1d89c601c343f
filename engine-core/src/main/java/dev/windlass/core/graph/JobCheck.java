package dev.windlass.core.graph;

import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import dev.windlass.job.JobDescription;
import java.util.List;

/**
 * What must hold of every job, whether its description was read or built, and needs nothing but the
 * description: limits, store URIs, local paths, sizes, and that the dependencies name tasks and
 * form no cycle.
 *
 * <p>What depends on the engine (which clusters, executors and storages there are, and its own
 * directory) is not checked here.
 */
public final class JobCheck {

  /** Most tasks of a job. */
  public static final int MAX_TASKS = 10_000;

  /** Most dependencies of a job. */
  public static final int MAX_DEPENDENCIES = 1_000_000;

  private JobCheck() {}

  /**
   * Checks a description.
   *
   * @param job what to check
   * @return what is wrong, in the order of the description, with paths in the words of the JSON
   *     format; empty if the job can be run; at most {@value Faults#MAX_LISTED} and one
   */
  public static List<Fault> check(JobDescription job) {
    Faults faults = new Faults();
    checkLimits(job, faults);
    if (faults.isEmpty()) {
      job.tasks()
          .forEach((name, task) -> new TaskCheck(FieldPath.task(name.value()), task, faults).run());
      new DependencyCheck(job, faults).run();
    }
    return faults.list();
  }

  private static void checkLimits(JobDescription job, Faults faults) {
    FieldPath dag = FieldPath.ROOT.field("DAG");
    int tasks = job.tasks().size();
    if (tasks == 0) {
      faults.add(ErrorCode.LIMIT, dag.field("Tasks"), "", "a job has at least one task");
    }
    if (tasks > MAX_TASKS) {
      String rule = "a job has at most " + MAX_TASKS + " tasks";
      faults.add(ErrorCode.LIMIT, dag.field("Tasks"), tasks + " tasks", rule);
    }
    long edges = job.dependencies().values().stream().mapToLong(after -> after.size()).sum();
    if (edges > MAX_DEPENDENCIES) {
      String rule = "a job has at most " + MAX_DEPENDENCIES + " dependencies";
      faults.add(ErrorCode.LIMIT, dag.field("Dependencies"), edges + " dependencies", rule);
    }
  }
}
