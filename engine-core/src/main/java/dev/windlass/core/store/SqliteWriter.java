package dev.windlass.core.store;

import com.google.common.collect.ImmutableMap;
import dev.windlass.core.cluster.ClusterRecord;
import dev.windlass.core.cluster.NodeRecord;
import dev.windlass.core.description.ClusterJson;
import dev.windlass.core.description.JobJson;
import dev.windlass.core.description.RetryJson;
import dev.windlass.core.job.Change;
import dev.windlass.core.job.InstanceRecord;
import dev.windlass.core.job.JobRecord;
import dev.windlass.core.job.ReservedRecord;
import dev.windlass.core.job.TaskRecord;
import dev.windlass.job.JobDescription;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Turns changes into statements of one connection. Used by the committing thread only. */
final class SqliteWriter {
  /** What there is of a job beside its own row, and is not much. */
  private static final List<String> JOB_TABLES =
      List.of("reserved", "task", "job_label", "task_usage");

  /** What there can be millions of, with the keys of the tables. */
  private static final Map<String, String> LARGE_TABLES =
      ImmutableMap.of(
          "instance", "job, task, idx",
          "attempt", "job, task, idx, number",
          "manifest", "job, task, idx, number",
          "published_object", "job, task, idx, number, place");

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  /** Position of the last event; a writer is used no more after a transaction that failed. */
  private long lastPosition;

  /**
   * A writer.
   *
   * @param lastPosition position of the last event that is on record
   */
  SqliteWriter(Connection connection, long lastPosition) {
    this.connection = connection;
    this.lastPosition = lastPosition;
  }

  /** Carries out changes in their order within the connection's transaction. */
  void write(List<Change> changes) throws SQLException {
    for (Change change : changes) {
      write(change);
    }
  }

  private void write(Change change) throws SQLException {
    if (change instanceof Change.EventRecorded recorded) {
      lastPosition++;
      new EventRows(prepare(EventRows.INSERT)).insert(lastPosition, recorded.event());
    } else if (change instanceof Change.InstanceChanged instance) {
      write(instance.record());
    } else if (change instanceof Change.TaskChanged task) {
      write(task.record());
    } else if (change instanceof Change.JobChanged job) {
      write(job.record());
    } else if (change instanceof Change.AttemptSuperseded superseded) {
      update(
          "INSERT OR IGNORE INTO attempt SELECT job, task, idx, attempt, node, started, ended,"
              + " outcome, wall_nanos, cpu_nanos, peak_memory_bytes, memory_bytes, waiting_since,"
              + " begun, published, bytes_staged, bytes_published"
              + " FROM instance WHERE job = ? AND task = ? AND idx = ?",
          superseded.sequence(),
          superseded.ordinal(),
          superseded.index());
    } else if (change instanceof Change.WaitingInstancesStopped stopped) {
      update(
          "UPDATE instance SET state = 'Stopped' WHERE job = ? AND state = 'Waiting'",
          stopped.sequence());
    } else if (change instanceof Change.WaitingInstancesOfTaskStopped stopped) {
      update(
          "UPDATE instance SET state = 'Stopped' WHERE job = ? AND task = ? AND state = 'Waiting'",
          stopped.sequence(),
          stopped.ordinal());
    } else if (change instanceof Change.InstancesReset reset) {
      update(
          "UPDATE instance SET state = 'Waiting', retries = 0, losses = 0,"
              + " memory_retries = 0, rule_retries = ''"
              + " WHERE job = ?1 AND state IN ('Failed', 'Stopped') AND task NOT IN"
              + " (SELECT ordinal FROM task WHERE job = ?1 AND state = 'Finished')",
          reset.sequence());
    } else if (change instanceof Change.RuleRetriesForgotten forgotten) {
      update(
          "UPDATE instance SET rule_retries = '' WHERE job = ? AND task = ? AND rule_retries <> ''",
          forgotten.sequence(),
          forgotten.ordinal());
    } else if (change instanceof Change.CapacityReserved reserved) {
      insert(reserved.record());
    } else if (change instanceof Change.CapacityReleased released) {
      update(
          "DELETE FROM reserved WHERE job = ? AND task = ? AND idx = ?",
          released.sequence(),
          released.ordinal(),
          released.index());
    } else if (change instanceof Change.TaskReset reset) {
      update(
          "UPDATE instance SET state = 'Waiting', retries = 0, losses = 0,"
              + " memory_retries = 0, rule_retries = ''"
              + " WHERE job = ? AND task = ? AND (? OR state <> 'Finished')",
          reset.sequence(),
          reset.ordinal(),
          reset.finishedToo() ? 1 : 0);
    } else if (change instanceof Change.JobAccepted accepted) {
      insert(accepted.record(), accepted.description(), accepted.token());
    } else if (change instanceof Change.NamedResourceSet set) {
      PreparedStatement statement = prepare("INSERT OR REPLACE INTO named_resource VALUES (?, ?)");
      statement.setString(1, set.name());
      statement.setInt(2, set.total());
      statement.executeUpdate();
    } else if (change instanceof Change.JobRemoved removed) {
      for (String table : JOB_TABLES) {
        update("DELETE FROM " + table + " WHERE job = ?", removed.sequence());
      }
      update("DELETE FROM job WHERE seq = ?", removed.sequence());
      // It may have millions of instances; see collect.
      update("INSERT INTO garbage VALUES (?)", removed.sequence());
    } else if (change instanceof Change.UsageAdded added) {
      UsageRows.add(added, prepare(UsageRows.TO_TASK), prepare(UsageRows.TO_OWNER));
    } else if (change instanceof Change.OutputsPublished published) {
      ManifestRows.insert(
          published, prepare(ManifestRows.INSERT), prepare(ManifestRows.INSERT_OBJECT));
    } else if (change instanceof Change.EventsPurged purged) {
      update("DELETE FROM event WHERE position <= ?", purged.last());
    } else if (change instanceof Change.ConsumerAdded added) {
      PreparedStatement statement = prepare("INSERT OR IGNORE INTO consumer VALUES (?, ?)");
      statement.setString(1, added.name());
      statement.setLong(2, lastPosition);
      statement.executeUpdate();
    } else if (change instanceof Change.ConsumerMoved moved) {
      PreparedStatement statement =
          prepare("UPDATE consumer SET position = ?1 WHERE name = ?2 AND position < ?1");
      statement.setLong(1, moved.position());
      statement.setString(2, moved.name());
      statement.executeUpdate();
    } else if (change instanceof Change.ConsumerForgotten forgotten) {
      PreparedStatement statement = prepare("DELETE FROM consumer WHERE name = ?");
      statement.setString(1, forgotten.name());
      statement.executeUpdate();
    } else if (change instanceof Change.ClusterChanged cluster) {
      write(cluster.record());
    } else if (change instanceof Change.NodeChanged node) {
      write(node.record());
    } else if (change instanceof Change.NodeRemoved removed) {
      PreparedStatement statement = prepare("DELETE FROM node WHERE cluster = ? AND number = ?");
      statement.setString(1, removed.cluster().value());
      statement.setInt(2, removed.number());
      statement.executeUpdate();
    } else if (change instanceof Change.ClusterRemoved removed) {
      PreparedStatement statement = prepare("DELETE FROM cluster WHERE name = ?");
      statement.setString(1, removed.cluster().value());
      statement.executeUpdate();
    } else {
      throw new AssertionError("unknown change " + change);
    }
  }

  /**
   * Deletes some of what is left of jobs that are no more.
   *
   * @param rows about how many rows at most
   * @return whether there may be more
   */
  boolean collect(int rows) throws SQLException {
    int left = rows;
    while (left > 0) {
      OptionalLong job = oneOfGarbage();
      if (job.isEmpty()) {
        return false;
      }
      left--;
      for (Map.Entry<String, String> table : LARGE_TABLES.entrySet()) {
        left -= left > 0 ? collect(table.getKey(), table.getValue(), job.getAsLong(), left) : 0;
      }
      if (left > 0) {
        update("DELETE FROM garbage WHERE job = ?", job.getAsLong());
      }
    }
    return true;
  }

  private int collect(String table, String key, long job, int rows) throws SQLException {
    return countOf(
        ("DELETE FROM " + table + " WHERE (" + key + ") IN")
            + (" (SELECT " + key + " FROM " + table + " WHERE job = ? LIMIT ?)"),
        job,
        rows);
  }

  private OptionalLong oneOfGarbage() throws SQLException {
    try (ResultSet row = prepare("SELECT job FROM garbage LIMIT 1").executeQuery()) {
      return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
    }
  }

  private void update(String sql, long... arguments) throws SQLException {
    var unused = countOf(sql, arguments);
  }

  /** How many rows a statement has changed. */
  private int countOf(String sql, long... arguments) throws SQLException {
    PreparedStatement statement = prepare(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setLong(i + 1, arguments[i]);
    }
    return statement.executeUpdate();
  }

  private void insert(JobRecord record, JobDescription description, Optional<String> token)
      throws SQLException {
    PreparedStatement job =
        prepare(
            "INSERT INTO job (seq, id, name, priority, state, message, created,"
                + " active_attempts, deleting, token, description, max_running, owner, labels)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?)");
    job.setLong(1, record.sequence());
    job.setString(2, record.id().value());
    job.setString(3, description.name());
    job.setInt(4, record.priority());
    job.setString(5, record.state().serviceName());
    job.setString(6, record.message());
    Columns.setTime(job, 7, Optional.of(record.created()));
    Columns.setText(job, 8, token);
    job.setString(9, JobJson.writeCompact(description));
    Columns.setInt(job, 10, record.maxRunning());
    Columns.setText(job, 11, description.owner());
    job.setString(12, JobJson.writeLabels(description.labels()));
    job.executeUpdate();
    insertTasks(record, description);
    insertLabels(record, description);
    PreparedStatement last = prepare("UPDATE meta SET value = ? WHERE key = 'last_sequence'");
    last.setString(1, Long.toString(record.sequence()));
    last.executeUpdate();
  }

  private void insertTasks(JobRecord record, JobDescription description) throws SQLException {
    PreparedStatement task =
        prepare(
            "INSERT INTO task (job, ordinal, name, instance_count, max_running, state,"
                + " attempt_base, last_attempt, running, finished, failed, stopped)"
                + " VALUES (?, ?, ?, ?, ?, 'Waiting', 0, 0, 0, 0, 0, 0)");
    List<Map.Entry<TaskName, TaskDescription>> tasks =
        new ArrayList<>(description.tasks().entrySet());
    for (int ordinal = 0; ordinal < tasks.size(); ordinal++) {
      task.setLong(1, record.sequence());
      task.setInt(2, ordinal);
      task.setString(3, tasks.get(ordinal).getKey().value());
      task.setInt(4, tasks.get(ordinal).getValue().instanceCount());
      Columns.setInt(task, 5, tasks.get(ordinal).getValue().maxRunning());
      task.executeUpdate();
    }
  }

  private void insertLabels(JobRecord record, JobDescription description) throws SQLException {
    PreparedStatement label = prepare("INSERT INTO job_label VALUES (?, ?, ?)");
    for (Map.Entry<String, String> each : description.labels().entrySet()) {
      label.setString(1, each.getKey());
      label.setString(2, each.getValue());
      label.setLong(3, record.sequence());
      label.executeUpdate();
    }
  }

  private void insert(ReservedRecord record) throws SQLException {
    PreparedStatement statement = prepare("INSERT INTO reserved VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    statement.setLong(1, record.sequence());
    statement.setInt(2, record.ordinal());
    statement.setInt(3, record.id().index());
    statement.setInt(4, record.attempt());
    statement.setString(5, record.node());
    statement.setString(6, ClusterJson.writeResources(record.resources()));
    statement.setString(7, Columns.text(record.gpuDevices()));
    Columns.setTime(statement, 8, Optional.of(record.since()));
    statement.executeUpdate();
  }

  private void write(JobRecord record) throws SQLException {
    PreparedStatement statement =
        prepare(
            "UPDATE job SET state = ?, message = ?, started = ?, ended = ?,"
                + " active_attempts = ?, deleting = ?, priority = ?, max_running = ?,"
                + " ending = ?, ending_reason = ?, paused = ?,"
                // The token of a job that is being deleted may be used again.
                + " token = CASE WHEN ? THEN NULL ELSE token END WHERE seq = ?");
    statement.setString(1, record.state().serviceName());
    statement.setString(2, record.message());
    Columns.setTime(statement, 3, record.started());
    Columns.setTime(statement, 4, record.ended());
    statement.setInt(5, record.activeAttempts());
    statement.setBoolean(6, record.deleting());
    statement.setInt(7, record.priority());
    Columns.setInt(statement, 8, record.maxRunning());
    Columns.setEnding(statement, 9, record.ending());
    Columns.setText(statement, 11, record.paused());
    statement.setBoolean(12, record.deleting());
    statement.setLong(13, record.sequence());
    statement.executeUpdate();
  }

  private void write(TaskRecord record) throws SQLException {
    PreparedStatement statement =
        prepare(
            "UPDATE task SET state = ?, started = ?, ended = ?, attempt_base = ?,"
                + " last_attempt = ?, running = ?, finished = ?, failed = ?, stopped = ?,"
                + " learned_memory = ?, max_running = ?, retry = ?"
                + " WHERE job = ? AND ordinal = ?");
    statement.setString(1, record.state().serviceName());
    Columns.setTime(statement, 2, record.started());
    Columns.setTime(statement, 3, record.ended());
    statement.setInt(4, record.attemptBase());
    statement.setInt(5, record.lastAttempt());
    statement.setInt(6, record.running());
    statement.setInt(7, record.finished());
    statement.setInt(8, record.failed());
    statement.setInt(9, record.stopped());
    statement.setLong(10, record.learnedMemoryBytes());
    Columns.setInt(statement, 11, record.maxRunning());
    statement.setString(12, record.retry().map(RetryJson::write).orElse(null));
    statement.setLong(13, record.sequence());
    statement.setInt(14, record.ordinal());
    statement.executeUpdate();
  }

  private void write(InstanceRecord record) throws SQLException {
    PreparedStatement statement =
        prepare(
            "INSERT OR REPLACE INTO instance"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                + " ?, ?)");
    statement.setLong(1, record.sequence());
    statement.setInt(2, record.ordinal());
    statement.setInt(3, record.id().index());
    statement.setString(4, record.state().serviceName());
    statement.setInt(5, record.attempt());
    statement.setBoolean(6, record.active());
    statement.setInt(7, record.spent().program());
    statement.setInt(8, record.spent().losses());
    statement.setString(9, record.node());
    statement.setString(10, record.executor());
    Columns.setTime(statement, 11, record.attemptStarted());
    Columns.setTime(statement, 12, record.attemptEnded());
    Columns.setOutcome(statement, 13, record.outcome());
    Columns.setUsage(statement, 14, record.usage());
    statement.setInt(17, record.spent().memory());
    statement.setString(18, Columns.text(record.spent().byRule()));
    statement.setLong(19, record.booked().memoryBytes());
    statement.setString(20, Columns.text(record.gpuDevices()));
    statement.setString(21, ClusterJson.writeResources(record.booked()));
    Columns.setCourse(statement, 22, record.course());
    statement.executeUpdate();
  }

  private void write(ClusterRecord record) throws SQLException {
    PreparedStatement statement =
        prepare(
            "INSERT OR REPLACE INTO cluster (name, seq, state, message, created, last_node,"
                + " description) VALUES (?, ?, ?, ?, ?, ?, ?)");
    statement.setString(1, record.name().value());
    statement.setLong(2, record.sequence());
    statement.setString(3, record.state().serviceName());
    statement.setString(4, record.message());
    Columns.setTime(statement, 5, Optional.of(record.created()));
    statement.setInt(6, record.lastNode());
    statement.setString(7, ClusterJson.writeCompact(record.description()));
    statement.executeUpdate();
  }

  private void write(NodeRecord record) throws SQLException {
    PreparedStatement statement =
        prepare(
            "INSERT OR REPLACE INTO node (cluster, number, node_group, executor, state, message,"
                + " created, capacity) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    statement.setString(1, record.cluster().value());
    statement.setInt(2, record.number());
    statement.setString(3, record.group());
    statement.setString(4, record.executor());
    statement.setString(5, record.state().serviceName());
    statement.setString(6, record.message());
    Columns.setTime(statement, 7, Optional.of(record.created()));
    statement.setString(8, ClusterJson.writeResources(record.capacity()));
    statement.executeUpdate();
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    return statement;
  }
}
