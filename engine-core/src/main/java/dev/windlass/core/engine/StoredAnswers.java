package dev.windlass.core.engine;

import dev.windlass.AttemptStatus;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.LogKind;
import dev.windlass.Manifest;
import dev.windlass.Page;
import dev.windlass.ReservedCapacity;
import dev.windlass.TaskStatus;
import dev.windlass.UsageTotals;
import dev.windlass.core.execution.Progress;
import dev.windlass.core.runtime.EngineLoop;
import dev.windlass.core.staging.RunFiles;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Answers what a host asks about jobs: from the store, where only what is durable stands, and from
 * the files of attempts. The methods are those of {@link dev.windlass.Engine}, but for what depends
 * on whether it is open. Safe for several threads.
 */
final class StoredAnswers {
  private final StateStore store;
  private final RunFiles files;
  private final Logs logs;

  StoredAnswers(StateStore store, RunFiles files, Logs logs) {
    this.store = store;
    this.files = files;
    this.logs = logs;
  }

  JobStatus job(JobId job) {
    Objects.requireNonNull(job, "job");
    return store.job(job).orElseThrow(() -> EngineLoop.notFound(job));
  }

  JobDescription description(JobId job) {
    Objects.requireNonNull(job, "job");
    return store.description(job).orElseThrow(() -> EngineLoop.notFound(job));
  }

  Page<JobStatus> jobs(JobQuery query) {
    Objects.requireNonNull(query, "query");
    return store.jobs(query);
  }

  List<TaskStatus> tasks(JobId job) {
    Objects.requireNonNull(job, "job");
    List<TaskStatus> tasks = store.tasks(job);
    if (tasks.isEmpty()) {
      throw EngineLoop.notFound(job);
    }
    return tasks;
  }

  TaskStatus task(JobId job, TaskName task) {
    Objects.requireNonNull(task, "task");
    return tasks(job).stream()
        .filter(status -> status.name().equals(task))
        .findFirst()
        .orElseThrow(() -> noTask(job, task));
  }

  private EngineException noTask(JobId job, TaskName task) {
    if (store.job(job).isEmpty()) {
      return EngineLoop.notFound(job);
    }
    return new EngineException(
        ErrorCode.NOT_FOUND, job + "/" + task, "job " + job + " has no task '" + task + "'");
  }

  Page<InstanceStatus> instances(JobId job, TaskName task, InstanceQuery query) {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(query, "query");
    Page<InstanceStatus> page =
        store.instances(job, task, query).orElseThrow(() -> noTask(job, task));
    return new Page<>(page.items().stream().map(this::withProgress).toList(), page.next());
  }

  InstanceStatus instance(InstanceId instance) {
    Objects.requireNonNull(instance, "instance");
    return store
        .instance(instance)
        .map(this::withProgress)
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.NOT_FOUND, instance.toString(), "there is no instance " + instance));
  }

  private InstanceStatus withProgress(InstanceStatus status) {
    if (status.state() != State.RUNNING || status.attempts() == 0) {
      return status;
    }
    return new InstanceStatus(
        status.id(),
        status.state(),
        status.attempts(),
        status.retries(),
        status.node(),
        status.started(),
        status.ended(),
        status.outcome(),
        status.usage(),
        Progress.read(files.directory(status.id().attempt(status.attempts()))));
  }

  List<AttemptStatus> attempts(InstanceId instance) {
    instance(instance); // NOT_FOUND is told apart from no attempt
    return store.attempts(instance);
  }

  Manifest outputs(AttemptId attempt) {
    instance(attempt.instance()); // NOT_FOUND is told apart from nothing published
    return store.outputs(attempt);
  }

  UsageTotals usage(JobId job) {
    job(job); // NOT_FOUND is told here
    return store.usage(job, Optional.empty());
  }

  UsageTotals usage(JobId job, TaskName task) {
    task(job, task); // NOT_FOUND is told here
    return store.usage(job, Optional.of(task));
  }

  SortedMap<String, UsageTotals> usageByOwner() {
    return store.usageByOwner();
  }

  List<ReservedCapacity> reserved() {
    return store.reserved().stream()
        .filter(record -> store.job(record.id().job()).isPresent())
        .map(
            record ->
                new ReservedCapacity(
                    record.id(),
                    record.node(),
                    record.resources(),
                    record.since(),
                    Optional.of(files.directory(record.attemptId())).filter(Files::isDirectory)))
        .toList();
  }

  InputStream openLog(InstanceId instance, LogKind kind, boolean follow) {
    Objects.requireNonNull(kind, "kind");
    InstanceStatus status = instance(instance);
    if (status.attempts() == 0) {
      throw new EngineException(
          ErrorCode.NOT_FOUND,
          instance.toString(),
          "instance " + instance + " has had no attempt, so it has no log");
    }
    return logs.open(instance.attempt(status.attempts()), kind, 0, follow);
  }

  InputStream openLog(AttemptId attempt, LogKind kind, long position, boolean follow) {
    Objects.requireNonNull(kind, "kind");
    if (position < 0) {
      throw new IllegalArgumentException("position must not be negative, was " + position);
    }
    if (attempts(attempt.instance()).stream().noneMatch(known -> known.id().equals(attempt))) {
      throw new EngineException(
          ErrorCode.NOT_FOUND, attempt.toString(), "there is no attempt " + attempt);
    }
    return logs.open(attempt, kind, position, follow);
  }
}
