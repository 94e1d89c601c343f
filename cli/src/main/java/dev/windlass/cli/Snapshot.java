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
import java.util.function.Function;
import java.util.function.ToLongFunction;

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

  /**
   * The same job as it was when the engine released it: finished, and every instance ended.
   *
   * @param at when that was
   * @param ends how a task ended
   * @param failures how many instances of a task failed for good
   */
  Snapshot released(Instant at, Function<TaskName, State> ends, ToLongFunction<TaskName> failures) {
    List<TaskStatus> ended =
        tasks.stream()
            .map(
                task -> ended(task, at, ends.apply(task.name()), failures.applyAsLong(task.name())))
            .toList();
    Counts instances = ended.stream().map(TaskStatus::instances).reduce(Counts.NONE, Counts::plus);
    long failed = ended.stream().filter(task -> task.state() == State.FAILED).count();
    long leftOut = ended.stream().filter(task -> task.state() == State.STOPPED).count();
    JobStatus finished =
        new JobStatus(
            job.id(),
            job.name(),
            State.FINISHED,
            job.message(),
            Optional.empty(),
            job.owner(),
            job.labels(),
            job.priority(),
            job.maxRunning(),
            job.created(),
            job.started(),
            job.ended().or(() -> Optional.of(at)),
            new Counts(0, 0, ended.size() - failed - leftOut, failed, leftOut),
            instances,
            0);
    return new Snapshot(finished, ended);
  }

  /** A task that was stopped in a job that finished was left out, with all its instances. */
  private static TaskStatus ended(TaskStatus task, Instant at, State end, long failures) {
    long all = task.instances().total();
    return new TaskStatus(
        task.job(),
        task.name(),
        end,
        task.maxRunning(),
        task.changedRetry(),
        task.started(),
        task.ended().or(() -> Optional.of(at)),
        end == State.STOPPED
            ? new Counts(0, 0, 0, 0, all)
            : new Counts(0, 0, all - failures, failures, 0));
  }
}
