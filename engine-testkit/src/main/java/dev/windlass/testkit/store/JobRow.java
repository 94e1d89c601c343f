package dev.windlass.testkit.store;

import dev.windlass.Counts;
import dev.windlass.JobStatus;
import dev.windlass.TaskStatus;
import dev.windlass.core.job.Change;
import dev.windlass.core.job.InstanceRecord;
import dev.windlass.core.job.JobRecord;
import dev.windlass.core.job.StoredJob;
import dev.windlass.core.job.TaskRecord;
import dev.windlass.job.JobDescription;
import dev.windlass.job.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/** What the simulated store keeps of a job. */
final class JobRow {
  private final JobDescription description;
  private final Optional<String> token;
  private final List<TaskRow> tasks = new ArrayList<>();
  private JobRecord record;

  JobRow(Change.JobAccepted accepted) {
    JobRecord given = accepted.record();
    description = accepted.description();
    token = accepted.token();
    record =
        new JobRecord(
            given.id(),
            given.sequence(),
            given.state(),
            given.priority(),
            given.maxRunning(),
            given.paused(),
            given.message(),
            SimulatedTables.stored(Optional.of(given.created())).orElseThrow(),
            Optional.empty(),
            Optional.empty(),
            0,
            false,
            Optional.empty());
    description
        .tasks()
        .forEach((name, task) -> tasks.add(new TaskRow(record, tasks.size(), name, task)));
  }

  /** Takes over all but what never changes. */
  void write(JobRecord given) {
    record =
        new JobRecord(
            record.id(),
            record.sequence(),
            given.state(),
            given.priority(),
            given.maxRunning(),
            given.paused(),
            given.message(),
            record.created(),
            SimulatedTables.stored(given.started()),
            SimulatedTables.stored(given.ended()),
            given.activeAttempts(),
            given.deleting(),
            given.ending());
  }

  JobRecord record() {
    return record;
  }

  JobDescription description() {
    return description;
  }

  Optional<String> token() {
    return token;
  }

  /** In the order of the description. */
  List<TaskRow> tasks() {
    return tasks;
  }

  boolean isNotOver() {
    return !record.state().isEnded() || record.activeAttempts() > 0 || record.deleting();
  }

  List<TaskStatus> taskStatuses() {
    return tasks.stream().map(TaskRow::status).toList();
  }

  JobStatus status() {
    Counts instances = Counts.NONE;
    for (TaskRow task : tasks) {
      instances = instances.plus(task.status().instances());
    }
    return new JobStatus(
        record.id(),
        description.name(),
        record.state(),
        record.message(),
        record.paused(),
        description.owner(),
        new TreeMap<>(description.labels()),
        record.priority(),
        record.maxRunning(),
        record.created(),
        record.started(),
        record.ended(),
        new Counts(
            tasksIn(State.WAITING),
            tasksIn(State.RUNNING),
            tasksIn(State.FINISHED),
            tasksIn(State.FAILED),
            tasksIn(State.STOPPED)),
        instances,
        record.activeAttempts());
  }

  private long tasksIn(State state) {
    return tasks.stream().filter(task -> task.record().state() == state).count();
  }

  /** All that the core needs to go on with the job. */
  StoredJob stored() {
    List<TaskRecord> records = new ArrayList<>();
    List<List<InstanceRecord>> open = new ArrayList<>();
    List<RoaringBitmap> again = new ArrayList<>();
    List<Integer> begun = new ArrayList<>();
    List<RoaringBitmap> finished = new ArrayList<>();
    List<RoaringBitmap> failed = new ArrayList<>();
    for (TaskRow task : tasks) {
      records.add(task.record());
      open.add(task.open());
      again.add(task.again(record.state()));
      begun.add(task.begun());
      boolean awaited = isAwaitedByInstance(task);
      finished.add(awaited ? task.indexesIn(State.FINISHED) : new RoaringBitmap());
      boolean failedCount = awaited && !record.state().isEnded();
      failed.add(failedCount ? task.indexesIn(State.FAILED) : new RoaringBitmap());
    }
    return new StoredJob(record, description, records, open, again, begun, finished, failed);
  }

  private boolean isAwaitedByInstance(TaskRow task) {
    return description.tasks().values().stream()
        .anyMatch(other -> other.perInstance().contains(task.name()));
  }
}
