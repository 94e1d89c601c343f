package dev.windlass.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.core.job.Change;
import dev.windlass.core.job.InstanceRecord;
import dev.windlass.core.job.JobRecord;
import dev.windlass.core.job.StoredJob;
import dev.windlass.core.schedule.Spent;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Usage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the core is given of a job is the same however SQLite finds it. */
final class JobLoaderTest {
  private static final JobId JOB = new JobId("job-" + "0".repeat(32));
  private static final TaskName TASK = new TaskName("only");
  private static final int INSTANCES = 2_000;
  private static final Resources BOOKED = new Resources(2_500, 1L << 30, 3);

  @TempDir Path directory;

  @Test
  void openInstancesComeByIndexWhicheverIndexSqliteTakes() throws SQLException {
    Path file = directory.resolve("state.db");
    try (SqliteStore store = SqliteStore.open(file)) {
      store.commit(oneInAHundredOpen());
    }
    // With statistics SQLite finds the unfinished ones by their state.
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("ANALYZE");
    }
    try (SqliteStore store = SqliteStore.open(file)) {
      StoredJob stored = store.load(JOB).orElseThrow();
      assertThat(stored.open().get(0))
          .extracting(record -> record.id().index())
          .containsExactlyElementsOf(
              IntStream.range(0, INSTANCES).filter(JobLoaderTest::isOpen).boxed().toList());
    }
  }

  @Test
  void whatAnAttemptBookedComesBackAndIsAProcessorWhereItWasNotNoted() throws SQLException {
    Path file = directory.resolve("state.db");
    try (SqliteStore store = SqliteStore.open(file)) {
      store.commit(oneInAHundredOpen());
      assertThat(firstOpen(store).booked()).isEqualTo(BOOKED);
    }
    // As the version before wrote it.
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE instance SET booked = NULL");
    }
    try (SqliteStore store = SqliteStore.open(file)) {
      assertThat(firstOpen(store).booked())
          .isEqualTo(Resources.cpus(1).withMemory(BOOKED.memoryBytes()));
    }
  }

  private static InstanceRecord firstOpen(SqliteStore store) {
    return store.load(JOB).orElseThrow().open().get(0).get(0);
  }

  private static boolean isOpen(int index) {
    return index % 100 == 0;
  }

  private static List<Change> oneInAHundredOpen() {
    List<Change> changes = new ArrayList<>();
    changes.add(
        new Change.JobAccepted(
            new JobRecord(
                JOB,
                1,
                State.RUNNING,
                0,
                OptionalInt.empty(),
                Optional.empty(),
                "",
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                0,
                false,
                Optional.empty()),
            JobDescription.builder("job")
                .task(
                    TASK.value(),
                    TaskDescription.builder(Command.of("program")).instances(INSTANCES).build())
                .build(),
            Optional.empty()));
    for (int index = 0; index < INSTANCES; index++) {
      State active = index % 200 == 0 ? State.STOPPED : State.RUNNING;
      changes.add(
          new Change.InstanceChanged(record(index, isOpen(index) ? active : State.FINISHED)));
    }
    return changes;
  }

  private static InstanceRecord record(int index, State state) {
    return new InstanceRecord(
        new InstanceId(JOB, TASK, index),
        1,
        0,
        state,
        1,
        state != State.FINISHED,
        Spent.NOTHING,
        BOOKED,
        List.of(),
        "node",
        "fake",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Usage.unknown(),
        dev.windlass.core.job.Course.UNKNOWN);
  }
}
