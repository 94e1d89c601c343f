package dev.windlass.core.execution;

import com.google.common.base.Joiner;
import dev.windlass.core.job.Effect;
import dev.windlass.core.job.TaskPlan;
import dev.windlass.job.AttemptId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The variables that every program sees: those of the service (reference, section 13) and the
 * engine's own, then those of the cluster, then those of the task.
 */
final class ProgramEnvironment {

  /** Where a program may write its progress, 0 to 100; below the attempt's working directory. */
  static final String PROGRESS_FILE = ".windlass-progress";

  private ProgramEnvironment() {}

  static Map<String, String> of(Effect.Launch launch) {
    AttemptId id = launch.id();
    TaskPlan plan = launch.plan();
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("BATCH_COMPUTE_DAG_JOB_ID", id.job().value());
    variables.put("BATCH_COMPUTE_DAG_TASK_ID", id.instance().task().value());
    variables.put("BATCH_COMPUTE_DAG_INSTANCE_ID", Integer.toString(id.instance().index()));
    variables.put("BATCH_COMPUTE_CLUSTER_ID", plan.cluster().value());
    variables.put("BATCH_COMPUTE_WORKER_ID", launch.node());
    variables.put("WINDLASS_INSTANCE_COUNT", Integer.toString(plan.task().instanceCount()));
    variables.put("WINDLASS_ATTEMPT", Integer.toString(id.number()));
    variables.put("WINDLASS_PROGRESS_FILE", PROGRESS_FILE);
    if (!launch.gpuDevices().isEmpty()) {
      variables.put("WINDLASS_GPUS", Joiner.on(',').join(launch.gpuDevices()));
    }
    launch.jobEnd().ifPresent(state -> variables.put("WINDLASS_JOB_STATE", state.serviceName()));
    variables.putAll(launch.clusterEnvironment());
    variables.putAll(plan.task().environment());
    return variables;
  }
}
