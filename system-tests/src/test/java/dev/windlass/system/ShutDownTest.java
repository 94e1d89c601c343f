package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.Closing;
import dev.windlass.Engine;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The ways to shut down an engine that runs real processes. */
@Timeout(120)
final class ShutDownTest {

  @TempDir Path directory;

  private Trial shutDown(Closing how) throws Exception {
    Trial trial = Trial.in(directory);
    Engine engine = trial.open();
    engine.submit(AdoptedJob.description(trial));
    AdoptedJob.awaitStarts(trial);
    engine.shutDown(how);
    return trial;
  }

  @Test
  void detachedProcessesRunOnAndAreTakenUp() throws Exception {
    Trial trial = shutDown(Closing.detach());
    assertThat(trial.alive())
        .as("both programs, beside what they start")
        .anyMatch(process -> process.endsWith("exit 0"))
        .anyMatch(process -> process.endsWith("exit 42"));
    try (Engine next = trial.open()) {
      AdoptedJob.letGo(trial);
      AdoptedJob.assertAdopted(trial, next);
    }
  }

  @Test
  void nothingIsLeftOfProcessesThatAreKilledAndTheyBeginAnew() throws Exception {
    Trial trial = shutDown(Closing.kill());
    assertThat(trial.alive()).isEmpty();
    assertBegunAnew(trial);
  }

  @Test
  void aDrainEndsWhatDoesNotEndInItsTime() throws Exception {
    Trial trial = shutDown(Closing.drain(Duration.ofMillis(200)));
    assertThat(trial.alive()).isEmpty();
    assertBegunAnew(trial);
  }

  private static void assertBegunAnew(Trial trial) throws Exception {
    try (Engine next = trial.open()) {
      AdoptedJob.letGo(trial);
      JobId job = AdoptedJob.only(next);
      next.await(job);
      InstanceId well = Trial.instance(job, "well", 0);
      assertThat(next.attempts(well))
          .extracting(attempt -> attempt.outcome().orElseThrow())
          .containsExactly(new Outcome.Lost("the engine was closed"), new Outcome.Exited(0));
      assertThat(next.instance(well).retries()).isZero();
      assertThat(Files.readAllLines(trial.ledger().resolve("starts"))).hasSize(4);
    }
  }

  @Test
  void aDrainWaitsForWhatEndsInItsTime() throws Exception {
    Trial trial = Trial.in(directory);
    Engine engine = trial.open();
    engine.submit(AdoptedJob.description(trial));
    AdoptedJob.awaitStarts(trial);
    Thread drain = new Thread(() -> engine.shutDown(Closing.drain(Duration.ofMinutes(1))));
    drain.start();
    AdoptedJob.letGo(trial);
    drain.join();
    try (Engine next = trial.open()) {
      AdoptedJob.assertAdopted(trial, next);
    }
  }
}
