package dev.windlass.core.store;

import dev.windlass.core.description.ClusterJson;
import dev.windlass.core.description.JobJson;
import dev.windlass.core.job.InstanceRecord;
import dev.windlass.core.job.JobRecord;
import dev.windlass.core.job.StoredJob;
import dev.windlass.core.job.TaskRecord;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/** Reads whole jobs for the core. */
final class JobLoader {

  private final SqliteReader reader;

  JobLoader(SqliteReader reader) {
    this.reader = reader;
  }

  List<StoredJob> notOver() throws SQLException {
    List<String> ids =
        reader.all(
            "SELECT id FROM job WHERE state IN ('Waiting', 'Running') OR active_attempts > 0"
                + " OR deleting ORDER BY seq",
            row -> row.getString(1));
    List<StoredJob> jobs = new ArrayList<>();
    for (String id : ids) {
      load(new JobId(id)).ifPresent(jobs::add);
    }
    return jobs;
  }

  Optional<StoredJob> load(JobId id) throws SQLException {
    Optional<JobRecord> found =
        reader.first("SELECT * FROM job WHERE id = ?", JobLoader::jobRecord, id.value());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    JobRecord record = found.get();
    JobDescription description =
        JobJson.read(
            reader
                .first(
                    "SELECT description FROM job WHERE id = ?", row -> row.getString(1), id.value())
                .orElseThrow());
    List<TaskName> names = List.copyOf(description.tasks().keySet());
    List<TaskRecord> tasks =
        reader.all(
            "SELECT * FROM task WHERE job = ? ORDER BY ordinal",
            row -> taskRecord(id, row),
            record.sequence());
    List<List<InstanceRecord>> open = new ArrayList<>();
    List<RoaringBitmap> again = new ArrayList<>();
    List<Integer> begun = new ArrayList<>();
    List<RoaringBitmap> finished = new ArrayList<>();
    List<RoaringBitmap> failed = new ArrayList<>();
    Set<TaskName> awaited = new HashSet<>();
    description.tasks().values().forEach(task -> awaited.addAll(task.perInstance()));
    for (TaskRecord task : tasks) {
      TaskName name = names.get(task.ordinal());
      open.add(open(record, task, name, Objects.requireNonNull(description.tasks().get(name))));
      int begunCount = begun(task);
      begun.add(begunCount);
      again.add(again(record, task, begunCount));
      boolean isAwaited = awaited.contains(names.get(task.ordinal()));
      finished.add(isAwaited ? indexesIn(State.FINISHED, task) : new RoaringBitmap());
      failed.add(
          isAwaited && !record.state().isEnded()
              ? indexesIn(State.FAILED, task)
              : new RoaringBitmap());
    }
    return Optional.of(
        new StoredJob(record, description, tasks, open, again, begun, finished, failed));
  }

  private RoaringBitmap indexesIn(State state, TaskRecord task) throws SQLException {
    RoaringBitmap indexes = new RoaringBitmap();
    reader.all(
        "SELECT idx FROM instance WHERE job = ? AND task = ? AND state = '"
            + state.serviceName()
            + "'",
        row -> indexes.checkedAdd(row.getInt(1)),
        task.sequence(),
        task.ordinal());
    indexes.runOptimize();
    return indexes;
  }

  private List<InstanceRecord> open(
      JobRecord job, TaskRecord task, TaskName name, TaskDescription description)
      throws SQLException {
    return reader.all(
        "SELECT * FROM instance WHERE job = ? AND task = ? AND state <> 'Finished'"
            // One that had an attempt in this life of the job and waits is tried again.
            + " AND (active OR (state = 'Waiting' AND attempt > ?))"
            // The core's decisions follow this order; SQLite's own depends on how it searches.
            + " ORDER BY idx",
        row -> instanceRecord(job, task, name, booked(row, description), row),
        task.sequence(),
        task.ordinal(),
        task.attemptBase());
  }

  private int begun(TaskRecord task) throws SQLException {
    return reader
        .first(
            "SELECT max(idx) + 1 FROM instance WHERE job = ? AND task = ?",
            row -> row.getInt(1),
            task.sequence(),
            task.ordinal())
        .orElse(0);
  }

  private RoaringBitmap again(JobRecord job, TaskRecord task, int begun) throws SQLException {
    String which =
        job.state().isEnded()
            ? "state IN ('Failed', 'Stopped')"
            : "state = 'Waiting' AND NOT active AND attempt <= " + task.attemptBase();
    RoaringBitmap indexes = new RoaringBitmap();
    reader.all(
        "SELECT idx FROM instance WHERE job = ? AND task = ? AND state <> 'Finished' AND " + which,
        row -> indexes.checkedAdd(row.getInt(1)),
        task.sequence(),
        task.ordinal());
    addGaps(task, begun, indexes);
    return indexes;
  }

  /** An attempt taken over after a crash can leave indexes below it that never had an attempt. */
  private void addGaps(TaskRecord task, int begun, RoaringBitmap indexes) throws SQLException {
    int records =
        reader
            .first(
                "SELECT count(*) FROM instance WHERE job = ? AND task = ?",
                row -> row.getInt(1),
                task.sequence(),
                task.ordinal())
            .orElse(0);
    if (records == begun) {
      return;
    }
    RoaringBitmap missing = new RoaringBitmap();
    missing.add(0L, (long) begun);
    reader.all(
        "SELECT idx FROM instance WHERE job = ? AND task = ?",
        row -> {
          missing.remove(row.getInt(1));
          return true;
        },
        task.sequence(),
        task.ordinal());
    indexes.or(missing);
  }

  private static JobRecord jobRecord(ResultSet row) throws SQLException {
    return new JobRecord(
        new JobId(row.getString("id")),
        row.getLong("seq"),
        Columns.state(row.getString("state")),
        row.getInt("priority"),
        Columns.integer(row, "max_running"),
        Columns.text(row, "paused"),
        row.getString("message"),
        Columns.time(row, "created").orElseThrow(),
        Columns.time(row, "started"),
        Columns.time(row, "ended"),
        row.getInt("active_attempts"),
        row.getBoolean("deleting"),
        Columns.ending(row));
  }

  private static TaskRecord taskRecord(JobId job, ResultSet row) throws SQLException {
    return new TaskRecord(
        job,
        row.getLong("job"),
        row.getInt("ordinal"),
        Columns.state(row.getString("state")),
        Columns.integer(row, "max_running"),
        Columns.retry(row),
        Columns.time(row, "started"),
        Columns.time(row, "ended"),
        row.getInt("attempt_base"),
        row.getInt("last_attempt"),
        row.getLong("learned_memory"),
        row.getInt("running"),
        row.getInt("finished"),
        row.getInt("failed"),
        row.getInt("stopped"));
  }

  /** Before it was noted, an attempt booked what its task says or, if it does not, a processor. */
  private static Resources booked(ResultSet row, TaskDescription task) throws SQLException {
    String text = row.getString("booked");
    if (text == null) {
      Resources least = task.resources().orElse(Resources.cpus(1));
      return least.withMemory(Math.max(least.memoryBytes(), row.getLong("memory_bytes")));
    }
    return ClusterJson.readResources(text);
  }

  private static InstanceRecord instanceRecord(
      JobRecord job, TaskRecord task, TaskName name, Resources booked, ResultSet row)
      throws SQLException {
    return new InstanceRecord(
        new InstanceId(job.id(), name, row.getInt("idx")),
        task.sequence(),
        task.ordinal(),
        Columns.state(row.getString("state")),
        row.getInt("attempt"),
        row.getBoolean("active"),
        Columns.spent(row),
        booked,
        Columns.numbers(row.getString("gpu_devices")),
        row.getString("node"),
        row.getString("executor"),
        Columns.time(row, "started"),
        Columns.time(row, "ended"),
        Columns.outcome(row),
        Columns.usage(row),
        Columns.course(row));
  }
}
