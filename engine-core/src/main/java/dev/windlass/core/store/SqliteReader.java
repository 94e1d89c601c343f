package dev.windlass.core.store;

import dev.windlass.AttemptStatus;
import dev.windlass.Counts;
import dev.windlass.InstanceStatus;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.Page;
import dev.windlass.TaskStatus;
import dev.windlass.core.description.ClusterJson;
import dev.windlass.core.description.JobJson;
import dev.windlass.core.job.ReservedRecord;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The questions a host asks, as queries on a connection that only reads. The caller serialises its
 * use.
 */
final class SqliteReader {

  /** The job's columns, and the sums over its tasks. */
  private static final String JOB =
      "SELECT j.*, (SELECT count(*) FROM task t WHERE t.job = j.seq AND t.state = 'Waiting') AS tw,"
          + " (SELECT count(*) FROM task t WHERE t.job = j.seq AND t.state = 'Running') AS tr,"
          + " (SELECT count(*) FROM task t WHERE t.job = j.seq AND t.state = 'Finished') AS tf,"
          + " (SELECT count(*) FROM task t WHERE t.job = j.seq AND t.state = 'Failed') AS tx,"
          + " (SELECT count(*) FROM task t WHERE t.job = j.seq AND t.state = 'Stopped') AS ts,"
          + " (SELECT sum(instance_count) FROM task t WHERE t.job = j.seq) AS instances,"
          + " (SELECT sum(running) FROM task t WHERE t.job = j.seq) AS ir,"
          + " (SELECT sum(finished) FROM task t WHERE t.job = j.seq) AS if_,"
          + " (SELECT sum(failed) FROM task t WHERE t.job = j.seq) AS ix,"
          + " (SELECT sum(stopped) FROM task t WHERE t.job = j.seq) AS is_"
          + " FROM job j WHERE NOT j.deleting";

  /** Without a look at those that have finished; they may be many. */
  static final String BEGUN =
      "SELECT (SELECT finished FROM task WHERE job = ?1 AND ordinal = ?2)"
          + " + (SELECT count(*) FROM instance INDEXED BY instance_unfinished"
          + " WHERE job = ?1 AND task = ?2 AND state <> 'Finished') AS records,"
          + " (SELECT ifnull(max(idx) + 1, 0) FROM instance WHERE job = ?1 AND task = ?2) AS begun";

  /** Where a task stands in the store. */
  record TaskKey(long sequence, int ordinal, int instanceCount, State state) {}

  private final Connection connection;

  SqliteReader(Connection connection) {
    this.connection = connection;
  }

  /** Reads the journal. */
  EventReader events() {
    return new EventReader(connection, this);
  }

  Optional<JobStatus> job(JobId job) throws SQLException {
    return first(JOB + " AND j.id = ?", SqliteReader::jobStatus, job.value());
  }

  Optional<JobDescription> description(JobId job) throws SQLException {
    return first(
            "SELECT description FROM job WHERE NOT deleting AND id = ?",
            row -> row.getString(1),
            job.value())
        .map(JobJson::read);
  }

  Optional<JobId> jobOfToken(String token) throws SQLException {
    return first(
        "SELECT id FROM job WHERE NOT deleting AND token = ?",
        row -> new JobId(row.getString(1)),
        token);
  }

  SortedMap<String, Integer> namedResources() throws SQLException {
    SortedMap<String, Integer> totals = new TreeMap<>();
    all(
        "SELECT name, total FROM named_resource",
        row -> totals.put(row.getString("name"), row.getInt("total")) == null);
    return totals;
  }

  Page<JobStatus> jobs(JobQuery query) throws SQLException {
    JobListing listing = new JobListing(query);
    List<Long> sequences = all(listing.sql(), row -> row.getLong(1), listing.arguments());
    if (sequences.isEmpty()) {
      return new Page<>(List.of(), Optional.empty());
    }
    List<JobStatus> found =
        all(
            JOB + " AND j.seq IN (?" + ", ?".repeat(sequences.size() - 1) + ") ORDER BY j.seq DESC",
            SqliteReader::jobStatus,
            sequences.toArray());
    boolean more = found.size() > query.limit();
    return more
        ? new Page<>(
            found.subList(0, query.limit()),
            Optional.of(Long.toString(sequences.get(query.limit() - 1))))
        : new Page<>(found, Optional.empty());
  }

  static long marker(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new EngineException(
          ErrorCode.MALFORMED, text, "'" + text + "' is not a marker of this listing", e);
    }
  }

  List<TaskStatus> tasks(JobId job) throws SQLException {
    return all(
        "SELECT t.* FROM task t JOIN job j ON j.seq = t.job"
            + " WHERE NOT j.deleting AND j.id = ? ORDER BY t.ordinal",
        row -> taskStatus(job, row),
        job.value());
  }

  Optional<TaskKey> taskKey(JobId job, TaskName task) throws SQLException {
    return first(
        "SELECT t.* FROM task t JOIN job j ON j.seq = t.job"
            + " WHERE NOT j.deleting AND j.id = ? AND t.name = ?",
        row ->
            new TaskKey(
                row.getLong("job"),
                row.getInt("ordinal"),
                row.getInt("instance_count"),
                Columns.state(row.getString("state"))),
        job.value(),
        task.value());
  }

  /** Records of a task's instances from an index on, whatever their state. */
  List<InstanceStatus> instances(JobId job, TaskName task, TaskKey key, long from, int limit)
      throws SQLException {
    return all(
        "SELECT * FROM instance WHERE job = ? AND task = ? AND idx >= ? ORDER BY idx LIMIT ?",
        row -> instanceStatus(job, task, row),
        key.sequence(),
        key.ordinal(),
        from,
        limit);
  }

  /** Records of a task's instances in some states from an index on. */
  List<InstanceStatus> instances(
      JobId job, TaskName task, TaskKey key, Set<State> states, long from, int limit)
      throws SQLException {
    List<Object> arguments = new ArrayList<>();
    for (State state : states) {
      arguments.addAll(List.of(key.sequence(), key.ordinal(), state.serviceName(), from, limit));
    }
    arguments.add(limit);
    return all(instancesIn(states), row -> instanceStatus(job, task, row), arguments.toArray());
  }

  /** Walks the instances of each state by index, and merges the walks. */
  static String instancesIn(Set<State> states) {
    return states.stream()
            .map(
                state ->
                    state == State.FINISHED
                        ? walk("", "")
                        // Left to itself the planner may look at all instances, by their index.
                        : walk(" INDEXED BY instance_unfinished", " AND state <> 'Finished'"))
            .collect(Collectors.joining(" UNION ALL "))
        + " ORDER BY idx LIMIT ?";
  }

  private static String walk(String index, String condition) {
    return "SELECT * FROM (SELECT * FROM instance"
        + index
        + " WHERE job = ? AND task = ? AND state = ?"
        + condition
        + " AND idx >= ? ORDER BY idx LIMIT ?)";
  }

  /**
   * How many instances of a task have a record, if all below that index have one. An attempt taken
   * over after a crash can leave indexes below it that have none; then empty.
   */
  OptionalInt begunWithoutGap(TaskKey key) throws SQLException {
    return first(
            BEGUN,
            row ->
                row.getInt("records") == row.getInt("begun")
                    ? OptionalInt.of(row.getInt("begun"))
                    : OptionalInt.empty(),
            key.sequence(),
            key.ordinal())
        .orElseThrow();
  }

  Optional<InstanceStatus> instance(InstanceId id, TaskKey key) throws SQLException {
    return first(
        "SELECT * FROM instance WHERE job = ? AND task = ? AND idx = ?",
        row -> instanceStatus(id.job(), id.task(), row),
        key.sequence(),
        key.ordinal(),
        id.index());
  }

  List<AttemptStatus> attempts(InstanceId id, TaskKey key) throws SQLException {
    String columns =
        ", node, memory_bytes, started, ended, outcome, wall_nanos, cpu_nanos, peak_memory_bytes,"
            + " waiting_since, begun, published, bytes_staged, bytes_published FROM ";
    String where = " WHERE job = ?1 AND task = ?2 AND idx = ?3";
    return all(
        "SELECT number"
            + columns
            + "attempt"
            + where
            + " UNION ALL SELECT attempt"
            + columns
            + "instance"
            + where
            + " ORDER BY 1",
        row ->
            new AttemptStatus(
                id.attempt(row.getInt("number")),
                row.getString("node"),
                row.getLong("memory_bytes"),
                Columns.time(row, "waiting_since"),
                Columns.time(row, "begun"),
                Columns.time(row, "started"),
                Columns.time(row, "ended"),
                Columns.time(row, "published"),
                Columns.outcome(row),
                Columns.usage(row),
                row.getLong("bytes_staged"),
                row.getLong("bytes_published")),
        key.sequence(),
        key.ordinal(),
        id.index());
  }

  List<ReservedRecord> reserved() throws SQLException {
    return all(
        "SELECT r.*, j.id AS job_id, t.name AS task_name FROM reserved r"
            + " JOIN job j ON j.seq = r.job"
            + " JOIN task t ON t.job = r.job AND t.ordinal = r.task"
            + " ORDER BY r.job, r.task, r.idx",
        row ->
            new ReservedRecord(
                new InstanceId(
                    new JobId(row.getString("job_id")),
                    new TaskName(row.getString("task_name")),
                    row.getInt("idx")),
                row.getLong("job"),
                row.getInt("task"),
                row.getInt("attempt"),
                row.getString("node"),
                ClusterJson.readResources(row.getString("resources")),
                Columns.numbers(row.getString("gpu_devices")),
                Columns.time(row, "since").orElseThrow()));
  }

  private static JobStatus jobStatus(ResultSet row) throws SQLException {
    long others = row.getLong("ir") + row.getLong("if_") + row.getLong("ix") + row.getLong("is_");
    return new JobStatus(
        new JobId(row.getString("id")),
        row.getString("name"),
        Columns.state(row.getString("state")),
        row.getString("message"),
        Columns.text(row, "paused"),
        Columns.text(row, "owner"),
        new TreeMap<>(JobJson.readLabels(row.getString("labels"))),
        row.getInt("priority"),
        Columns.integer(row, "max_running"),
        Columns.time(row, "created").orElseThrow(),
        Columns.time(row, "started"),
        Columns.time(row, "ended"),
        new Counts(
            row.getLong("tw"),
            row.getLong("tr"),
            row.getLong("tf"),
            row.getLong("tx"),
            row.getLong("ts")),
        new Counts(
            row.getLong("instances") - others,
            row.getLong("ir"),
            row.getLong("if_"),
            row.getLong("ix"),
            row.getLong("is_")),
        row.getInt("active_attempts"));
  }

  private static TaskStatus taskStatus(JobId job, ResultSet row) throws SQLException {
    long running = row.getLong("running");
    long finished = row.getLong("finished");
    long failed = row.getLong("failed");
    long stopped = row.getLong("stopped");
    long waiting = row.getLong("instance_count") - running - finished - failed - stopped;
    return new TaskStatus(
        job,
        new TaskName(row.getString("name")),
        Columns.state(row.getString("state")),
        Columns.integer(row, "max_running"),
        Columns.retry(row),
        Columns.time(row, "started"),
        Columns.time(row, "ended"),
        new Counts(waiting, running, finished, failed, stopped));
  }

  private static InstanceStatus instanceStatus(JobId job, TaskName task, ResultSet row)
      throws SQLException {
    State state = Columns.state(row.getString("state"));
    return new InstanceStatus(
        new InstanceId(job, task, row.getInt("idx")),
        state,
        row.getInt("attempt"),
        Columns.spent(row).retries(),
        row.getString("node"),
        Columns.time(row, "started"),
        state.isEnded() ? Columns.time(row, "ended") : Optional.empty(),
        Columns.outcome(row),
        Columns.usage(row),
        OptionalInt.empty());
  }

  /** Makes a value of a row. */
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  <T> Optional<T> first(String sql, RowReader<T> reader, Object... arguments) throws SQLException {
    List<T> found = all(sql, reader, arguments);
    return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
  }

  <T> List<T> all(String sql, RowReader<T> reader, Object... arguments) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        List<T> found = new ArrayList<>();
        while (row.next()) {
          found.add(reader.read(row));
        }
        return found;
      }
    }
  }
}
