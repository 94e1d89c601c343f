package dev.windlass.cli;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;

/** Names that users type: what cannot be a name names nothing. */
final class Names {

  private Names() {}

  static TaskName task(String text) {
    try {
      return new TaskName(text);
    } catch (IllegalArgumentException e) {
      throw new EngineException(ErrorCode.NOT_FOUND, text, "there is no task '" + text + "'", e);
    }
  }

  static ClusterName cluster(String text) {
    try {
      return new ClusterName(text);
    } catch (IllegalArgumentException e) {
      throw new EngineException(ErrorCode.NOT_FOUND, text, "there is no cluster '" + text + "'", e);
    }
  }

  static InstanceId instance(JobId job, String task, int index) {
    try {
      return new InstanceId(job, task(task), index);
    } catch (IllegalArgumentException e) {
      String text = task + "/" + index;
      throw new EngineException(
          ErrorCode.NOT_FOUND, text, "there is no instance '" + text + "'", e);
    }
  }
}
