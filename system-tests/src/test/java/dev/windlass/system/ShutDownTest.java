package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.Closing;
import dev.windlass.Engine;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import dev.windlass.storage.directory.DirectoryStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
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

  /** Its program has ended, and what became of it is known. */
  @Test
  void aFailureThatIsJustBeingPublishedIsNotRunAgainAfterAKill() throws Exception {
    Trial trial = Trial.in(directory);
    CountDownLatch publishing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Storage slow =
        new WrappedStorage(DirectoryStorage.at(trial.store())) {
          @Override
          public ObjectUpload write(StoreUri object) {
            publishing.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new StorageException(Code.UNAVAILABLE, object, "interrupted", e);
            }
            return super.write(object);
          }
        };
    Engine engine = trial.builder().storage("slow", slow).open();
    engine.submit(
        JobDescription.builder("failing")
            .failOnInstanceFail(false)
            .task("fails", program(trial, "exit 42").logs("slow://logs/", "slow://logs/").build())
            .task("runs", program(trial, "echo >$LEDGER/runs; exec sleep 100").build())
            .build());
    publishing.await();
    await().until(() -> Files.exists(trial.ledger().resolve("runs")));
    Thread kill = new Thread(() -> engine.shutDown(Closing.kill()));
    kill.start();
    await().until(() -> trial.alive().isEmpty());
    goOn.countDown();
    kill.join();

    Storage quick = DirectoryStorage.at(trial.store());
    try (Engine next = trial.builder().storage("slow", quick).open()) {
      JobId job = AdoptedJob.only(next);
      assertThat(next.attempts(Trial.instance(job, "fails", 0)))
          .extracting(attempt -> attempt.outcome().orElseThrow())
          .containsExactly(new Outcome.Exited(42));
      next.stop(job);
      next.await(job);
    }
  }

  private static TaskDescription.Builder program(Trial trial, String script) {
    return TaskDescription.builder(Command.shell(script))
        .environment("LEDGER", trial.ledger().toString())
        .retry(RetryPolicy.NONE);
  }
}
