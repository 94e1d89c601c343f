package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 5: nothing is left behind when a job is stopped. */
final class CancelTest {

  @TempDir Path directory;

  @Test
  void everythingThatATaskStartedIsGoneSoonAfterTheGracePeriod() throws Exception {
    Trial trial = Trial.in(directory);
    Duration grace = Duration.ofSeconds(1);
    try (Engine engine = trial.builder().stopGrace(grace).open()) {
      JobId job =
          engine.submit(
              JobDescription.builder("stubborn")
                  .task(
                      "only",
                      TaskDescription.builder(
                              Command.of(
                                  "sh",
                                  "-c",
                                  "trap \"\" TERM; setsid sleep 1000 & : >$LEDGER/up; sleep 1000"))
                          .environment("LEDGER", trial.ledger().toString())
                          .build())
                  .build());
      await().until(() -> Files.exists(trial.ledger().resolve("up")));
      await().until(() -> trial.alive().size() >= 3);

      Instant stopped = Instant.now();
      engine.stop(job);
      JobStatus status = engine.await(job);
      Duration took = Duration.between(stopped, Instant.now());

      assertThat(status.state()).isEqualTo(State.STOPPED);
      assertThat(trial.alive()).isEmpty();
      assertThat(took).isLessThan(grace.plusSeconds(1));
    }
  }
}
