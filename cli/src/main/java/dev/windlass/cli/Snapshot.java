package dev.windlass.cli;

import dev.windlass.Counts;
import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.TaskStatus;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where a job and its tasks stand.
 *
 * @param job the job
 * @param tasks all of them, in the order of the description
 */
record Snapshot(JobStatus job, List<TaskStatus> tasks) {

  Snapshot {
    tasks = List.copyOf(tasks);
  }

  /** A job as it is when it has just been accepted. */
  static Snapshot accepted(JobId job, JobDescription description, Instant at) {
    List<TaskStatus> tasks =
        description.tasks().entrySet().stream()
            .map(task -> accepted(job, task.getKey(), task.getValue()))
            .toList();
    JobStatus status =
        new JobStatus(
            job,
            description.name(),
            State.WAITING,
            "",
            Optional.empty(),
            description.owner(),
            new TreeMap<>(description.labels()),
            description.priority(),
            description.maxRunning(),
            at,
            Optional.empty(),
            Optional.empty(),
            new Counts(tasks.size(), 0, 0, 0, 0),
            tasks.stream().map(TaskStatus::instances).reduce(Counts.NONE, Counts::plus),
            0);
    return new Snapshot(status, tasks);
  }

  private static TaskStatus accepted(JobId job, TaskName name, TaskDescription task) {
    return new TaskStatus(
        job,
        name,
        State.WAITING,
        task.maxRunning(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new Counts(task.instanceCount(), 0, 0, 0, 0));
  }

  /** Empty if the job has been deleted. */
  static Optional<Snapshot> of(Engine engine, JobId job) {
    try {
      // The tasks first: if the job is over afterwards, they may still be older, so ask again.
      List<TaskStatus> tasks = engine.tasks(job);
      JobStatus status = engine.job(job);
      return Optional.of(new Snapshot(status, status.isOver() ? engine.tasks(job) : tasks));
    } catch (EngineException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Instances that have ended, and all there are. */
  long ended() {
    Counts all = job.instances();
    return all.finished() + all.failed() + all.stopped();
  }
}
