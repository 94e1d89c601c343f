package dev.windlass.core.store;

import dev.windlass.UsageTotals;
import dev.windlass.core.job.Change;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** How sums of usage stand in rows, and how they are added to. Both directions side by side. */
final class UsageRows {
  private static final String ADD =
      " DO UPDATE SET attempts = attempts + excluded.attempts,"
          + " instance_micros = instance_micros + excluded.instance_micros,"
          + " cpu_micros = cpu_micros + excluded.cpu_micros,"
          + " memory_kib_seconds = memory_kib_seconds + excluded.memory_kib_seconds,"
          + " bytes_staged = bytes_staged + excluded.bytes_staged,"
          + " bytes_published = bytes_published + excluded.bytes_published";
  static final String TO_TASK =
      "INSERT INTO task_usage VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (job, task)" + ADD;
  static final String TO_OWNER =
      "INSERT INTO owner_usage VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (owner)" + ADD;
  private static final String SUMS =
      "SELECT coalesce(sum(attempts), 0) AS attempts,"
          + " coalesce(sum(instance_micros), 0) AS instance_micros,"
          + " coalesce(sum(cpu_micros), 0) AS cpu_micros,"
          + " coalesce(sum(memory_kib_seconds), 0) AS memory_kib_seconds,"
          + " coalesce(sum(bytes_staged), 0) AS bytes_staged,"
          + " coalesce(sum(bytes_published), 0) AS bytes_published"
          + " FROM task_usage u JOIN job j ON j.seq = u.job"
          + " WHERE NOT j.deleting AND j.id = ?1";

  private UsageRows() {}

  static void add(Change.UsageAdded added, PreparedStatement task, PreparedStatement owner)
      throws SQLException {
    task.setLong(1, added.sequence());
    task.setInt(2, added.ordinal());
    set(task, 3, added.used());
    task.executeUpdate();
    owner.setString(1, added.owner());
    set(owner, 2, added.used());
    owner.executeUpdate();
  }

  private static void set(PreparedStatement statement, int column, UsageTotals used)
      throws SQLException {
    statement.setLong(column, used.attempts());
    statement.setLong(column + 1, micros(used.instanceTime()));
    statement.setLong(column + 2, micros(used.cpuTime()));
    statement.setLong(column + 3, used.memoryKibSeconds());
    statement.setLong(column + 4, used.bytesStaged());
    statement.setLong(column + 5, used.bytesPublished());
  }

  private static long micros(Duration time) {
    return time.toNanos() / 1_000;
  }

  /** Of a job, or of one of its tasks. */
  static UsageTotals of(SqliteReader reader, String job, Optional<Integer> task)
      throws SQLException {
    Optional<UsageTotals> found =
        task.isPresent()
            ? reader.first(SUMS + " AND u.task = ?2", UsageRows::totals, job, task.get())
            : reader.first(SUMS, UsageRows::totals, job);
    return found.orElse(UsageTotals.NONE);
  }

  static SortedMap<String, UsageTotals> byOwner(SqliteReader reader) throws SQLException {
    SortedMap<String, UsageTotals> totals = new TreeMap<>();
    reader.all(
        "SELECT * FROM owner_usage",
        row -> totals.put(row.getString("owner"), totals(row)) == null);
    return totals;
  }

  private static UsageTotals totals(ResultSet row) throws SQLException {
    return new UsageTotals(
        row.getLong("attempts"),
        Duration.of(row.getLong("instance_micros"), ChronoUnit.MICROS),
        Duration.of(row.getLong("cpu_micros"), ChronoUnit.MICROS),
        row.getLong("memory_kib_seconds"),
        row.getLong("bytes_staged"),
        row.getLong("bytes_published"));
  }
}
