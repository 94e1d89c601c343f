package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windlass.Engine;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskDescription;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state file can be read with standard tools while an engine has it open. */
final class StandardToolsTest {

  @TempDir Path directory;

  @Test
  void theStateFileIsReadBesideARunningEngine() throws Exception {
    assumeTrue(query(Path.of(":memory:"), "SELECT 1").equals("1"), "there is no sqlite3 command");
    Trial trial = Trial.in(directory);
    try (Engine engine = trial.open()) {
      JobId job =
          engine.submit(
              JobDescription.builder("looked-at")
                  .task(
                      "only", TaskDescription.builder(Command.shell("exit 3")).instances(1).build())
                  .build());
      engine.await(job);
      Path state = trial.engine().resolve("state.db");
      assertThat(query(state, "SELECT id, name, state FROM job"))
          .isEqualTo(job + "|looked-at|Failed");
      assertThat(query(state, "SELECT outcome FROM instance")).isEqualTo("EXITED 3");
      assertThat(query(state, "PRAGMA integrity_check")).isEqualTo("ok");
    }
  }

  private static String query(Path file, String sql) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("sqlite3", "-readonly", file.toString(), sql)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      process.waitFor();
      return answer;
    } catch (IOException e) {
      return "";
    }
  }
}
