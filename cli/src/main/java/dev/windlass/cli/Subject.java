package dev.windlass.cli;

import dev.windlass.Engine;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** What a command is about: a job, a task of it, or an instance of that. */
final class Subject {

  @Parameters(index = "0", paramLabel = "ID", description = "The job, or how its id begins.")
  private String id = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "TASK", description = "One of its tasks.")
  private @Nullable String task;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "INDEX",
      description = "An instance of the task, from 0.")
  private @Nullable Integer index;

  /** The job; refused as {@link JobFinder#find} does. */
  JobId job(Engine engine) {
    return JobFinder.find(engine, id);
  }

  /** The task, if one was named, also with an instance; refused if it cannot be a task's name. */
  Optional<TaskName> task() {
    return Optional.ofNullable(task).map(Names::task);
  }

  /** The instance of a job, if one was named; refused if there cannot be one of this number. */
  Optional<InstanceId> instance(JobId job) {
    return task == null || index == null
        ? Optional.empty()
        : Optional.of(Names.instance(job, task, index));
  }
}
