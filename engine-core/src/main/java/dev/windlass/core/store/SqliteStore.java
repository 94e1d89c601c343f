package dev.windlass.core.store;

import dev.windlass.AttemptStatus;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.Manifest;
import dev.windlass.Page;
import dev.windlass.Retention;
import dev.windlass.TaskStatus;
import dev.windlass.UsageTotals;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.core.cluster.StoredCluster;
import dev.windlass.core.flight.CommitFlight;
import dev.windlass.core.job.Change;
import dev.windlass.core.job.ReservedRecord;
import dev.windlass.core.job.StoredJob;
import dev.windlass.core.store.SqliteReader.TaskKey;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * The state store in one SQLite file.
 *
 * <p>Write-ahead log with {@code synchronous=FULL}: every commit is synced, so what is acknowledged
 * survives a power cut. One connection writes, another reads what is committed; other processes may
 * read the file at any time with standard tools. That no other engine writes it is not SQLite's
 * matter but that of the lock on the engine's directory.
 */
public final class SqliteStore implements StateStore {
  private final Path file;

  /** Guards the reading connection, which many threads ask. */
  private final Object reading = new Object();

  private @Nullable Connection writeConnection;
  private @Nullable SqliteWriter writer;
  private @Nullable Connection readConnection;
  private @Nullable SqliteReader reader;
  private String engineId = "";

  /** Something of jobs that were removed may be left. Owned by the committing thread. */
  private boolean garbage;

  private SqliteStore(Path file) {
    this.file = file;
  }

  /**
   * Opens a file to be read only, also while another process writes it.
   *
   * @throws EngineException {@code NOT_FOUND} if there is no such file; others as {@link #open}
   */
  public static SqliteStore openReadOnly(Path file) {
    if (Files.notExists(file)) {
      throw new EngineException(
          ErrorCode.NOT_FOUND, file.toString(), "there is no engine here: " + file + " is missing");
    }
    SqliteStore store = new SqliteStore(file);
    try {
      store.openReader();
      store.engineId = store.meta("engine_id");
    } catch (SQLException e) {
      store.close();
      throw SqliteFailure.of(file, "opened", e);
    }
    return store;
  }

  /**
   * Opens a file, or makes it.
   *
   * @throws EngineException if it cannot be opened, is damaged, or is of a newer version
   */
  public static SqliteStore open(Path file) {
    SqliteStore store = new SqliteStore(file);
    store.reopen();
    return store;
  }

  @Override
  public String engineId() {
    return engineId;
  }

  @Override
  public void reopen() {
    close();
    try {
      Connection writing = connect(false);
      writeConnection = writing;
      checkSound(writing);
      Schema.migrate(writing, file);
      proveWritable(writing);
      writeAnew(writing);
      writing.setAutoCommit(false);
      garbage = true; // of an earlier life, perhaps
      openReader();
      writer = new SqliteWriter(writing, eventSpan().last());
      engineId = meta("engine_id");
    } catch (SQLException e) {
      close();
      throw SqliteFailure.of(file, "opened", e);
    } catch (EngineException e) {
      close();
      throw e;
    }
  }

  private void openReader() throws SQLException {
    synchronized (reading) {
      Connection connection = connect(true);
      readConnection = connection;
      reader = new SqliteReader(connection);
    }
  }

  private Connection connect(boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(10_000);
    config.setReadOnly(readOnly);
    if (!readOnly) {
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    }
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /** A damaged page is found now, and not when its job is asked for. */
  private void checkSound(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA quick_check(1)")) {
      if (!row.next() || !"ok".equals(row.getString(1))) {
        throw SqliteFailure.corrupt(file, row.getString(1), new SQLException("quick_check"));
      }
    }
  }

  /** A store that opens may still be on a full disk or a read-only file system. */
  private static void proveWritable(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT OR REPLACE INTO meta VALUES ('opened', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))");
    }
  }

  /**
   * Has what the log holds copied into the state file, and that file synced.
   *
   * <p>The process that wrote the log may have met a failed sync and ended. What it wrote is then
   * read as if nothing had happened, and no further sync of the log makes it durable; what is
   * committed behind it would be lost with it in a power cut. Does not wait for readers: the part
   * that one of an older state holds back is left as it is.
   */
  private static void writeAnew(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
    }
  }

  @Override
  public long lastSequence() {
    return Long.parseLong(meta("last_sequence"));
  }

  private String meta(String key) {
    return read(
        r ->
            r.first("SELECT value FROM meta WHERE key = ?", row -> row.getString(1), key)
                .orElseThrow(() -> missing(key)));
  }

  private EngineException missing(String key) {
    return SqliteFailure.corrupt(file, "no " + key, new SQLException("meta"));
  }

  @Override
  public void commit(List<Change> changes) {
    Connection connection = writeConnection;
    SqliteWriter target = writer;
    if (connection == null || target == null) {
      throw closed();
    }
    CommitFlight flight = new CommitFlight();
    flight.begin();
    try {
      target.write(changes);
      connection.commit();
      flight.committed(changes.size());
      garbage |= changes.stream().anyMatch(Change.JobRemoved.class::isInstance);
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "written", e);
    }
  }

  @Override
  public boolean collect(int rows) {
    SqliteWriter target = writer;
    Connection connection = writeConnection;
    if (connection == null || target == null || !garbage) {
      return false;
    }
    try {
      garbage = target.collect(rows);
      connection.commit();
      return garbage;
    } catch (SQLException e) {
      throw SqliteFailure.of(file, "written", e);
    }
  }

  @Override
  public List<JobId> expired(Retention retention, Instant now, int most) {
    return read(r -> new ExpiredJobs(r).find(retention, now, most));
  }

  @Override
  public Optional<Instant> oldestEnd() {
    return read(r -> new ExpiredJobs(r).oldestEnd());
  }

  @Override
  public List<StoredJob> loadNotOver() {
    return read(r -> new JobLoader(r).notOver());
  }

  @Override
  public List<StoredCluster> loadClusters() {
    return read(r -> new ClusterReader(r).load());
  }

  @Override
  public Optional<ClusterStatus> cluster(ClusterName cluster) {
    return read(r -> new ClusterReader(r).cluster(cluster));
  }

  @Override
  public List<ClusterStatus> clusters() {
    return read(r -> new ClusterReader(r).clusters());
  }

  @Override
  public List<NodeStatus> nodes(ClusterName cluster) {
    return read(r -> new ClusterReader(r).nodes(cluster));
  }

  @Override
  public List<ReservedRecord> reserved() {
    return read(SqliteReader::reserved);
  }

  @Override
  public Optional<StoredJob> load(JobId job) {
    return read(r -> new JobLoader(r).load(job));
  }

  @Override
  public SortedMap<String, Integer> namedResources() {
    return read(SqliteReader::namedResources);
  }

  @Override
  public Optional<JobId> jobOfToken(String token) {
    return read(r -> r.jobOfToken(token));
  }

  @Override
  public Optional<JobStatus> job(JobId job) {
    return read(r -> r.job(job));
  }

  @Override
  public Optional<JobDescription> description(JobId job) {
    return read(r -> r.description(job));
  }

  @Override
  public Page<JobStatus> jobs(JobQuery query) {
    return read(r -> r.jobs(query));
  }

  @Override
  public List<TaskStatus> tasks(JobId job) {
    return read(r -> r.tasks(job));
  }

  @Override
  public Optional<Page<InstanceStatus>> instances(JobId job, TaskName task, InstanceQuery query) {
    return read(
        r -> {
          Optional<TaskKey> key = r.taskKey(job, task);
          return key.isEmpty()
              ? Optional.<Page<InstanceStatus>>empty()
              : Optional.of(new InstanceListing(r, job, task, key.get()).page(query));
        });
  }

  @Override
  public Optional<InstanceStatus> instance(InstanceId instance) {
    return read(
        r -> {
          Optional<TaskKey> key = r.taskKey(instance.job(), instance.task());
          if (key.isEmpty() || instance.index() >= key.get().instanceCount()) {
            return Optional.<InstanceStatus>empty();
          }
          InstanceListing listing =
              new InstanceListing(r, instance.job(), instance.task(), key.get());
          return Optional.of(
              r.instance(instance, key.get())
                  .orElseGet(() -> listing.withoutRecord(instance.index())));
        });
  }

  @Override
  public List<AttemptStatus> attempts(InstanceId instance) {
    return read(
        r -> {
          Optional<TaskKey> key = r.taskKey(instance.job(), instance.task());
          return key.isEmpty() ? List.<AttemptStatus>of() : r.attempts(instance, key.get());
        });
  }

  @Override
  public EventPage events(EventQuery query) {
    return read(r -> r.events().page(query));
  }

  @Override
  public EventSpan eventSpan() {
    return read(r -> r.events().span());
  }

  @Override
  public OptionalLong consumer(String name) {
    return read(r -> r.events().consumer(name));
  }

  @Override
  public Manifest outputs(AttemptId attempt) {
    return read(
        r -> {
          Optional<TaskKey> key = r.taskKey(attempt.job(), attempt.instance().task());
          return key.isEmpty() ? Manifest.empty() : ManifestRows.read(r, attempt, key.get());
        });
  }

  @Override
  public UsageTotals usage(JobId job, Optional<TaskName> task) {
    return read(
        r -> {
          if (task.isEmpty()) {
            return UsageRows.of(r, job.value(), Optional.empty());
          }
          Optional<TaskKey> key = r.taskKey(job, task.get());
          return key.isEmpty()
              ? UsageTotals.NONE
              : UsageRows.of(r, job.value(), key.map(TaskKey::ordinal));
        });
  }

  @Override
  public SortedMap<String, UsageTotals> usageByOwner() {
    return read(UsageRows::byOwner);
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask(SqliteReader reader) throws SQLException;
  }

  private <T> T read(Question<T> question) {
    synchronized (reading) {
      if (reader == null) {
        throw closed();
      }
      try {
        return question.ask(reader);
      } catch (SQLException e) {
        throw SqliteFailure.of(file, "read", e);
      }
    }
  }

  private EngineException closed() {
    return new EngineException(
        ErrorCode.STORE_UNAVAILABLE, file.toString(), "the state file " + file + " is not open");
  }

  @Override
  public void close() {
    synchronized (reading) {
      closeQuietly(readConnection);
      readConnection = null;
      reader = null;
    }
    closeQuietly(writeConnection);
    writeConnection = null;
    writer = null;
  }

  /**
   * What a connection says on closing after a failure adds nothing: what counts is read anew from
   * the file.
   */
  private static void closeQuietly(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        org.slf4j.LoggerFactory.getLogger(SqliteStore.class)
            .debug("closing a connection to the state file", e);
      }
    }
  }
}
