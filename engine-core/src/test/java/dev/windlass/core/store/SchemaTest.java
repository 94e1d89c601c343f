package dev.windlass.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.core.description.JobJson;
import dev.windlass.core.job.Ending;
import dev.windlass.core.job.StoredJob;
import dev.windlass.job.Command;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobDescription;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an earlier release wrote is read as it was meant. */
final class SchemaTest {
  /** The last version that did not record how a job is going to end. */
  private static final int WITHOUT_ENDINGS = 2;

  @TempDir Path directory;

  @Test
  void aJobThatHadBegunToFailStillFails() throws SQLException {
    Path file = directory.resolve("state.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      Schema.migrate(connection, file, WITHOUT_ENDINGS);
      insert(connection, 1, State.RUNNING, "instance 0 of task 'work' failed");
      insert(connection, 2, State.RUNNING, "");
      insert(connection, 3, State.FAILED, "instance 0 of task 'work' failed");
    }
    try (SqliteStore store = SqliteStore.open(file)) {
      List<StoredJob> jobs = store.loadNotOver();
      assertThat(jobs).extracting(job -> job.job().sequence()).containsExactly(1L, 2L);
      assertThat(jobs.get(0).job().ending())
          .contains(new Ending(State.FAILED, "instance 0 of task 'work' failed"));
      assertThat(jobs.get(1).job().ending()).isEmpty();
    }
  }

  private static void insert(Connection connection, int sequence, State state, String message)
      throws SQLException {
    JobDescription description =
        JobDescription.builder("old")
            .onFailure(FailurePolicy.FINISH_RUNNING)
            .task("work", TaskDescription.builder(Command.of("program")).build())
            .build();
    try (PreparedStatement job =
        connection.prepareStatement(
            "INSERT INTO job (seq, id, name, priority, state, message, created, active_attempts,"
                + " deleting, description) VALUES (?, ?, 'old', 0, ?, ?, 0, 0, 0, ?)")) {
      job.setInt(1, sequence);
      job.setString(2, String.format("job-%032x", sequence));
      job.setString(3, state.serviceName());
      job.setString(4, message);
      job.setString(5, JobJson.writeCompact(description));
      job.executeUpdate();
    }
  }
}
