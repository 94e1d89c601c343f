package dev.windlass.core.store;

import com.google.common.base.Splitter;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The schema of the SQLite form and its migrations.
 *
 * <p>{@code PRAGMA user_version} counts the migrations that a file has seen. A released migration
 * is never changed; a new version of the schema is a new entry at the end of the list.
 *
 * <p>States, outcomes and ids are text, times are microseconds since 1970 in UTC, so that the file
 * can be read with standard tools.
 */
final class Schema {

  private static final List<String> MIGRATIONS =
      List.of(
          """
          CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
          INSERT INTO meta VALUES ('engine_id', lower(hex(randomblob(16))));
          INSERT INTO meta VALUES ('last_sequence', '0');
          CREATE TABLE job (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            priority INTEGER NOT NULL,
            state TEXT NOT NULL,
            message TEXT NOT NULL,
            created INTEGER NOT NULL,
            started INTEGER,
            ended INTEGER,
            active_attempts INTEGER NOT NULL,
            deleting INTEGER NOT NULL,
            token TEXT UNIQUE,
            description TEXT NOT NULL);
          CREATE INDEX job_not_over ON job (seq)
            WHERE state IN ('Waiting', 'Running') OR active_attempts > 0 OR deleting;
          CREATE INDEX job_state ON job (state, seq);
          CREATE INDEX job_name ON job (name, seq);
          CREATE TABLE task (
            job INTEGER NOT NULL,
            ordinal INTEGER NOT NULL,
            name TEXT NOT NULL,
            instance_count INTEGER NOT NULL,
            state TEXT NOT NULL,
            started INTEGER,
            ended INTEGER,
            attempt_base INTEGER NOT NULL,
            last_attempt INTEGER NOT NULL,
            running INTEGER NOT NULL,
            finished INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            stopped INTEGER NOT NULL,
            PRIMARY KEY (job, ordinal)) WITHOUT ROWID;
          CREATE TABLE instance (
            job INTEGER NOT NULL,
            task INTEGER NOT NULL,
            idx INTEGER NOT NULL,
            state TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            active INTEGER NOT NULL,
            retries INTEGER NOT NULL,
            losses INTEGER NOT NULL,
            node TEXT NOT NULL,
            executor TEXT NOT NULL,
            started INTEGER,
            ended INTEGER,
            outcome TEXT,
            wall_nanos INTEGER,
            cpu_nanos INTEGER,
            peak_memory_bytes INTEGER,
            PRIMARY KEY (job, task, idx)) WITHOUT ROWID;
          CREATE INDEX instance_unfinished ON instance (job, task, state, idx)
            WHERE state <> 'Finished';
          CREATE TABLE attempt (
            job INTEGER NOT NULL,
            task INTEGER NOT NULL,
            idx INTEGER NOT NULL,
            number INTEGER NOT NULL,
            node TEXT NOT NULL,
            started INTEGER,
            ended INTEGER,
            outcome TEXT,
            wall_nanos INTEGER,
            cpu_nanos INTEGER,
            peak_memory_bytes INTEGER,
            PRIMARY KEY (job, task, idx, number)) WITHOUT ROWID;
          """,
          """
          ALTER TABLE instance ADD COLUMN memory_retries INTEGER NOT NULL DEFAULT 0;
          ALTER TABLE instance ADD COLUMN rule_retries TEXT NOT NULL DEFAULT '';
          ALTER TABLE instance ADD COLUMN memory_bytes INTEGER NOT NULL DEFAULT 0;
          ALTER TABLE attempt ADD COLUMN memory_bytes INTEGER NOT NULL DEFAULT 0;
          ALTER TABLE job ADD COLUMN max_running INTEGER;
          ALTER TABLE task ADD COLUMN max_running INTEGER;
          ALTER TABLE task ADD COLUMN learned_memory INTEGER NOT NULL DEFAULT 0;
          """,
          """
          CREATE TABLE cluster (
            name TEXT PRIMARY KEY,
            seq INTEGER NOT NULL UNIQUE,
            state TEXT NOT NULL,
            message TEXT NOT NULL,
            created INTEGER NOT NULL,
            last_node INTEGER NOT NULL,
            description TEXT NOT NULL) WITHOUT ROWID;
          CREATE TABLE node (
            cluster TEXT NOT NULL,
            number INTEGER NOT NULL,
            node_group TEXT NOT NULL,
            executor TEXT NOT NULL,
            state TEXT NOT NULL,
            message TEXT NOT NULL,
            created INTEGER NOT NULL,
            capacity TEXT NOT NULL,
            PRIMARY KEY (cluster, number)) WITHOUT ROWID;
          """,
          """
          ALTER TABLE instance ADD COLUMN gpu_devices TEXT NOT NULL DEFAULT '';
          CREATE TABLE named_resource (name TEXT PRIMARY KEY, total INTEGER NOT NULL) WITHOUT ROWID;
          """,
          """
          ALTER TABLE instance ADD COLUMN booked TEXT;
          CREATE TABLE reserved (
            job INTEGER NOT NULL,
            task INTEGER NOT NULL,
            idx INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            node TEXT NOT NULL,
            resources TEXT NOT NULL,
            gpu_devices TEXT NOT NULL,
            since INTEGER NOT NULL,
            PRIMARY KEY (job, task, idx)) WITHOUT ROWID;
          """,
          // Before this, only a job that had begun to fail had a message before it ended.
          """
          ALTER TABLE job ADD COLUMN ending TEXT;
          ALTER TABLE job ADD COLUMN ending_reason TEXT NOT NULL DEFAULT '';
          UPDATE job SET ending = 'Failed', ending_reason = message
            WHERE state IN ('Waiting', 'Running') AND message <> '';
          """,
          """
          ALTER TABLE task ADD COLUMN retry TEXT;
          """,
          """
          ALTER TABLE job ADD COLUMN paused TEXT;
          ALTER TABLE job ADD COLUMN owner TEXT;
          ALTER TABLE job ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';
          UPDATE job SET owner = json_extract(description, '$.windlass.owner');
          CREATE INDEX job_owner ON job (owner, state, seq);
          CREATE INDEX job_created ON job (created);
          CREATE TABLE job_label (
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            job INTEGER NOT NULL,
            PRIMARY KEY (name, value, job)) WITHOUT ROWID;
          CREATE INDEX label_of_job ON job_label (job);
          CREATE INDEX job_ended ON job (ended, seq) WHERE ended NOTNULL;
          CREATE TABLE garbage (job INTEGER PRIMARY KEY);
          """,
          """
          CREATE TABLE event (
            position INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            job_key INTEGER,
            job TEXT,
            task TEXT,
            idx INTEGER,
            number INTEGER,
            state TEXT,
            cluster TEXT,
            node TEXT,
            detail TEXT,
            operation TEXT);
          CREATE INDEX event_job ON event (job_key, position, idx);
          CREATE TABLE consumer (name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
          """,
          """
          ALTER TABLE instance ADD COLUMN waiting_since INTEGER;
          ALTER TABLE instance ADD COLUMN begun INTEGER;
          ALTER TABLE instance ADD COLUMN published INTEGER;
          ALTER TABLE instance ADD COLUMN bytes_staged INTEGER NOT NULL DEFAULT 0;
          ALTER TABLE instance ADD COLUMN bytes_published INTEGER NOT NULL DEFAULT 0;
          ALTER TABLE attempt ADD COLUMN waiting_since INTEGER;
          ALTER TABLE attempt ADD COLUMN begun INTEGER;
          ALTER TABLE attempt ADD COLUMN published INTEGER;
          ALTER TABLE attempt ADD COLUMN bytes_staged INTEGER NOT NULL DEFAULT 0;
          ALTER TABLE attempt ADD COLUMN bytes_published INTEGER NOT NULL DEFAULT 0;
          CREATE TABLE manifest (
            job INTEGER NOT NULL,
            task INTEGER NOT NULL,
            idx INTEGER NOT NULL,
            number INTEGER NOT NULL,
            objects INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            PRIMARY KEY (job, task, idx, number)) WITHOUT ROWID;
          CREATE TABLE published_object (
            job INTEGER NOT NULL,
            task INTEGER NOT NULL,
            idx INTEGER NOT NULL,
            number INTEGER NOT NULL,
            place INTEGER NOT NULL,
            uri TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            version TEXT NOT NULL,
            PRIMARY KEY (job, task, idx, number, place)) WITHOUT ROWID;
          CREATE TABLE task_usage (
            job INTEGER NOT NULL,
            task INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            instance_micros INTEGER NOT NULL,
            cpu_micros INTEGER NOT NULL,
            memory_kib_seconds INTEGER NOT NULL,
            bytes_staged INTEGER NOT NULL,
            bytes_published INTEGER NOT NULL,
            PRIMARY KEY (job, task)) WITHOUT ROWID;
          CREATE TABLE owner_usage (
            owner TEXT PRIMARY KEY,
            attempts INTEGER NOT NULL,
            instance_micros INTEGER NOT NULL,
            cpu_micros INTEGER NOT NULL,
            memory_kib_seconds INTEGER NOT NULL,
            bytes_staged INTEGER NOT NULL,
            bytes_published INTEGER NOT NULL) WITHOUT ROWID;
          """);

  private static final Splitter STATEMENTS =
      Splitter.on(Pattern.compile(";\\s*\\n")).trimResults().omitEmptyStrings();

  private Schema() {}

  /** Brings a file to the present version; each migration is one transaction. */
  static void migrate(Connection connection, Path file) throws SQLException {
    migrate(connection, file, MIGRATIONS.size());
  }

  /** Brings a file to a version, as an earlier release did. */
  static void migrate(Connection connection, Path file, int to) throws SQLException {
    int version = version(connection);
    if (version > MIGRATIONS.size()) {
      throw new EngineException(
          ErrorCode.STORE_TOO_NEW,
          file.toString(),
          "the state file "
              + file
              + " has schema version "
              + version
              + "; this version of Windlass knows "
              + MIGRATIONS.size()
              + ". Open it with the version that wrote it");
    }
    for (int next = version; next < to; next++) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        for (String sql : STATEMENTS.splitToList(MIGRATIONS.get(next))) {
          statement.executeUpdate(sql);
        }
        statement.executeUpdate("PRAGMA user_version = " + (next + 1));
        connection.commit();
      }
      connection.setAutoCommit(true);
    }
  }

  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      row.next();
      return row.getInt(1);
    }
  }
}
