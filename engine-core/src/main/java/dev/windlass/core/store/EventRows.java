package dev.windlass.core.store;

import dev.windlass.JobOperation;
import dev.windlass.cluster.ClusterState;
import dev.windlass.cluster.NodeState;
import dev.windlass.event.Event;
import dev.windlass.event.RecordedEvent;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;

/**
 * How events stand in rows. Both directions side by side.
 *
 * <p>A row says all that its event does: it outlives the rows of its job. It is found by {@link
 * #key} of the job's id, which makes a smaller index than the id itself.
 */
final class EventRows {
  static final String INSERT = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private final PreparedStatement statement;

  EventRows(PreparedStatement statement) {
    this.statement = statement;
  }

  /** Not unique; equal ids have equal keys, in every JVM. */
  static int key(JobId job) {
    return job.value().hashCode();
  }

  void insert(long position, Event event) throws SQLException {
    statement.setLong(1, position);
    Columns.setTime(statement, 2, Optional.of(event.at()));
    statement.setString(3, event.kind().name());
    for (int column = 4; column <= 13; column++) {
      statement.setNull(column, Types.NULL);
    }
    if (event instanceof Event.JobEvent of) {
      statement.setInt(4, key(of.job()));
      statement.setString(5, of.job().value());
    }
    switch (event.kind()) {
      case JOB_CHANGED -> {
        Event.JobChanged changed = (Event.JobChanged) event;
        statement.setString(9, changed.state().serviceName());
        statement.setString(12, changed.message());
      }
      case JOB_DELETED -> {}
      case JOB_OPERATED -> {
        Event.JobOperated operated = (Event.JobOperated) event;
        statement.setString(12, operated.reason());
        statement.setString(13, operated.operation().kind().name());
        if (operated.operation() instanceof JobOperation.SetPriority to) {
          statement.setInt(8, to.priority());
        } else if (operated.operation() instanceof JobOperation.RestartFrom from) {
          statement.setString(6, from.task().value());
        }
      }
      case TASK_CHANGED -> {
        Event.TaskChanged changed = (Event.TaskChanged) event;
        statement.setString(6, changed.task().value());
        statement.setString(9, changed.state().serviceName());
      }
      case INSTANCE_CHANGED -> {
        Event.InstanceChanged changed = (Event.InstanceChanged) event;
        setInstance(changed.instance());
        statement.setString(9, changed.state().serviceName());
        Columns.setOutcome(statement, 12, changed.outcome());
      }
      case ATTEMPT_STARTED -> {
        Event.AttemptStarted started = (Event.AttemptStarted) event;
        setInstance(started.attempt().instance());
        statement.setInt(8, started.attempt().number());
        statement.setString(11, started.node());
      }
      case ATTEMPT_ENDED -> {
        Event.AttemptEnded ended = (Event.AttemptEnded) event;
        setInstance(ended.attempt().instance());
        statement.setInt(8, ended.attempt().number());
        Columns.setOutcome(statement, 12, Optional.of(ended.outcome()));
      }
      case CLUSTER_CHANGED -> {
        Event.ClusterChanged changed = (Event.ClusterChanged) event;
        statement.setString(9, changed.state().name());
        statement.setString(10, changed.cluster().value());
      }
      case NODE_CHANGED -> {
        Event.NodeChanged changed = (Event.NodeChanged) event;
        statement.setString(9, changed.state().name());
        statement.setString(10, changed.cluster().value());
        statement.setString(11, changed.node());
        statement.setString(12, changed.message());
      }
    }
    statement.executeUpdate();
  }

  private void setInstance(InstanceId instance) throws SQLException {
    statement.setString(6, instance.task().value());
    statement.setInt(7, instance.index());
  }

  static RecordedEvent read(ResultSet row) throws SQLException {
    return new RecordedEvent(row.getLong("position"), event(row));
  }

  private static Event event(ResultSet row) throws SQLException {
    Instant at = Columns.time(row, "at").orElseThrow();
    return switch (Event.Kind.valueOf(row.getString("kind"))) {
      case JOB_CHANGED ->
          new Event.JobChanged(
              job(row), at, Columns.state(row.getString("state")), row.getString("detail"));
      case JOB_DELETED -> new Event.JobDeleted(job(row), at);
      case JOB_OPERATED ->
          new Event.JobOperated(job(row), at, operation(row), row.getString("detail"));
      case TASK_CHANGED ->
          new Event.TaskChanged(
              job(row),
              at,
              new TaskName(row.getString("task")),
              Columns.state(row.getString("state")));
      case INSTANCE_CHANGED ->
          new Event.InstanceChanged(
              instance(row),
              at,
              Columns.state(row.getString("state")),
              Columns.outcome(row, "detail"));
      case ATTEMPT_STARTED ->
          new Event.AttemptStarted(
              instance(row).attempt(row.getInt("number")), at, row.getString("node"));
      case ATTEMPT_ENDED ->
          new Event.AttemptEnded(
              instance(row).attempt(row.getInt("number")),
              at,
              Columns.outcome(row, "detail").orElseThrow());
      case CLUSTER_CHANGED ->
          new Event.ClusterChanged(cluster(row), at, ClusterState.valueOf(row.getString("state")));
      case NODE_CHANGED ->
          new Event.NodeChanged(
              cluster(row),
              at,
              row.getString("node"),
              NodeState.valueOf(row.getString("state")),
              row.getString("detail"));
    };
  }

  private static JobOperation operation(ResultSet row) throws SQLException {
    return switch (JobOperation.Kind.valueOf(row.getString("operation"))) {
      case STOP -> new JobOperation.Stop();
      case PAUSE -> new JobOperation.Pause();
      case RESUME -> new JobOperation.Resume();
      case SET_PRIORITY -> new JobOperation.SetPriority(row.getInt("number"));
      case RESTART -> new JobOperation.Restart();
      case RESTART_FAILED -> new JobOperation.RestartFailed();
      case RESTART_FROM -> new JobOperation.RestartFrom(new TaskName(row.getString("task")));
      case DELETE -> new JobOperation.Delete();
    };
  }

  private static JobId job(ResultSet row) throws SQLException {
    return new JobId(row.getString("job"));
  }

  private static InstanceId instance(ResultSet row) throws SQLException {
    return new InstanceId(job(row), new TaskName(row.getString("task")), row.getInt("idx"));
  }

  private static ClusterName cluster(ResultSet row) throws SQLException {
    return new ClusterName(row.getString("cluster"));
  }
}
