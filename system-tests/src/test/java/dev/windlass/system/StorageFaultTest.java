package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.AttemptStatus;
import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.core.EngineBuilder;
import dev.windlass.executor.local.LocalExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import dev.windlass.storage.directory.DirectoryStorage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A storage that fails is no fault of the program: tried again while that can help, else typed. */
@Tag("slow")
@Timeout(120)
final class StorageFaultTest {
  private static final String INPUT = "oss://bucket/in/data";
  private static final String CONTENT = "0123456789".repeat(1_000);

  @TempDir Path directory;
  private Trial trial;
  private final AtomicInteger failuresLeft = new AtomicInteger();

  @BeforeEach
  void makeInput() throws IOException {
    trial = Trial.in(directory);
    Path input = trial.store().resolve("bucket/in/data");
    Files.createDirectories(input.getParent());
    Files.writeString(input, CONTENT);
  }

  private Storage store() {
    return DirectoryStorage.at(trial.store());
  }

  private Engine open(Storage storage) {
    return EngineBuilder.at(trial.engine())
        .executor(LocalExecutor.create())
        .storage("oss", storage)
        .open();
  }

  /** Copies its input to its output, and says in the ledger that it ran. */
  private JobDescription copying() {
    return job(
        TaskDescription.builder(Command.shell("echo run >>$LEDGER/runs; cat in >out/data"))
            .environment("LEDGER", trial.ledger().toString())
            .retry(RetryPolicy.NONE)
            .input(INPUT, "in")
            .output("out/", "oss://bucket/out/"));
  }

  private static JobDescription job(TaskDescription.Builder task) {
    return JobDescription.builder("job").task("only", task.build()).build();
  }

  private void assertCopied(Engine engine, JobId job) throws Exception {
    JobStatus status = engine.await(job);
    assertThat(status.state()).as(status.message()).isEqualTo(State.FINISHED);
    assertThat(engine.instance(Trial.instance(job, "only", 0)).retries()).isZero();
    assertThat(trial.store().resolve("bucket/out/data")).hasContent(CONTENT);
    assertThat(trial.ledger().resolve("runs")).hasContent("run\n");
  }

  private static Outcome outcome(Engine engine, JobId job) throws Exception {
    assertThat(engine.await(job).state()).isEqualTo(State.FAILED);
    return engine.instance(Trial.instance(job, "only", 0)).outcome().orElseThrow();
  }

  /** Fails as often as was set, with one code. */
  private final class Failing extends WrappedStorage {
    private final Code code;

    Failing(Code code) {
      super(store());
      this.code = code;
    }

    private void fail(StoreUri uri) {
      if (failuresLeft.getAndDecrement() > 0) {
        throw new StorageException(code, uri, "not now", null);
      }
    }

    @Override
    public InputStream read(StoreUri object, long offset) {
      fail(object);
      return super.read(object, offset);
    }

    @Override
    public ObjectUpload write(StoreUri object) {
      fail(object);
      return super.write(object);
    }
  }

  @Test
  void aStorageThatThrottlesIsAskedAgainLater() throws Exception {
    failuresLeft.set(2);
    try (Engine engine = open(new Failing(Code.THROTTLED))) {
      JobId job = engine.submit(copying());
      await().until(() -> Files.exists(trial.ledger().resolve("runs")));
      assertCopied(engine, job);
      assertThat(engine.attempts(Trial.instance(job, "only", 0)))
          .extracting(attempt -> attempt.outcome().orElseThrow().kind())
          .containsExactly(
              Outcome.Kind.STAGE_IN_FAILED, Outcome.Kind.STAGE_IN_FAILED, Outcome.Kind.EXITED);
    }
  }

  @Test
  void publishingToAStorageThatThrottlesIsTriedAgainWithoutRunningAgain() throws Exception {
    Storage throttling =
        new WrappedStorage(store()) {
          @Override
          public ObjectUpload write(StoreUri object) {
            if (failuresLeft.getAndDecrement() > 0) {
              throw new StorageException(Code.THROTTLED, object, "not now", null);
            }
            return super.write(object);
          }
        };
    failuresLeft.set(2);
    try (Engine engine = open(throttling)) {
      JobId job = engine.submit(copying());
      assertCopied(engine, job);
      assertThat(failuresLeft).hasNegativeValue();
      assertThat(engine.attempts(Trial.instance(job, "only", 0))).hasSize(1);
    }
  }

  @Test
  void credentialsThatExpireAreToldAndAreNotTheProgramsFailure() throws Exception {
    failuresLeft.set(Integer.MAX_VALUE);
    try (Engine engine = open(new Failing(Code.ACCESS_DENIED))) {
      JobId job = engine.submit(copying());
      assertThat(outcome(engine, job))
          .isInstanceOfSatisfying(
              Outcome.StageInFailed.class,
              failed -> {
                assertThat(failed.retryable()).isFalse();
                assertThat(failed.reason()).contains(INPUT, "ACCESS_DENIED");
              });
      assertThat(trial.ledger().resolve("runs")).doesNotExist();
    }
  }

  @Test
  void credentialsThatExpireBeforePublishingAreToldAndNothingIsPublished() throws Exception {
    Storage expiring =
        new WrappedStorage(store()) {
          @Override
          public ObjectUpload write(StoreUri object) {
            throw new StorageException(Code.ACCESS_DENIED, object, "the token is too old", null);
          }
        };
    try (Engine engine = open(expiring)) {
      JobId job = engine.submit(copying());
      assertThat(outcome(engine, job))
          .isInstanceOfSatisfying(
              Outcome.StageOutFailed.class,
              failed -> {
                assertThat(failed.retryable()).isFalse();
                assertThat(failed.reason()).contains("oss://bucket/out/data", "ACCESS_DENIED");
              });
      assertThat(trial.store().resolve("bucket/out")).doesNotExist();
    }
  }

  @Test
  void aConnectionCutMidwayLeavesNothingPartial() throws Exception {
    AtomicInteger cutsOfUploads = new AtomicInteger(2);
    WrappedStorage.Cut cutInHalf =
        bytes -> {
          if (bytes == CONTENT.length() / 2 && failuresLeft.getAndDecrement() > 0) {
            throw new IOException("connection reset");
          }
        };
    failuresLeft.set(2);
    Storage cut =
        new WrappedStorage(store()) {
          @Override
          public InputStream read(StoreUri object, long offset) {
            return cutting(super.read(object, offset), cutInHalf);
          }

          @Override
          public ObjectUpload write(StoreUri object) {
            assertThat(super.stat(object)).as("%s", object).isEmpty();
            if (cutsOfUploads.getAndDecrement() > 0) {
              failuresLeft.set(1);
            }
            ObjectUpload upload = super.write(object);
            return withBody(upload, cutting(upload.body(), cutInHalf));
          }
        };
    try (Engine engine = open(cut)) {
      JobId job = engine.submit(copying());
      assertCopied(engine, job);
      assertThat(cutsOfUploads).hasNegativeValue();
      assertThat(engine.attempts(Trial.instance(job, "only", 0)))
          .extracting(attempt -> attempt.outcome().orElseThrow().kind())
          .containsExactly(
              Outcome.Kind.STAGE_IN_FAILED, Outcome.Kind.STAGE_IN_FAILED, Outcome.Kind.EXITED);
    }
  }

  @Test
  void anInputThatIsMissingIsFinalAndNamed() throws Exception {
    Files.delete(trial.store().resolve("bucket/in/data"));
    try (Engine engine = open(store())) {
      JobId job = engine.submit(copying());
      assertThat(outcome(engine, job))
          .isInstanceOfSatisfying(
              Outcome.StageInFailed.class,
              failed -> {
                assertThat(failed.retryable()).isFalse();
                assertThat(failed.reason()).contains(INPUT, "NOT_FOUND");
              });
      assertThat(trial.ledger().resolve("runs")).doesNotExist();
    }
  }

  @Test
  void aStoreThatCannotBeReachedIsTriedAgain() throws Exception {
    failuresLeft.set(1);
    try (Engine engine = open(new Failing(Code.UNAVAILABLE))) {
      assertCopied(engine, engine.submit(copying()));
    }
  }

  @Test
  void aLinkThatLeadsOutsideIsNotPublishedAndReported() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    for (String target : List.of(secret.toString(), "../../../../../../../../secret", "/etc")) {
      try (Engine engine = open(store())) {
        JobId job =
            engine.submit(
                job(
                    TaskDescription.builder(Command.shell("ln -s " + target + " out/link"))
                        .retry(RetryPolicy.NONE)
                        .output("out/", "oss://bucket/out/")));
        assertThat(outcome(engine, job))
            .isInstanceOfSatisfying(
                Outcome.StageOutFailed.class,
                failed -> {
                  assertThat(failed.retryable()).isFalse();
                  assertThat(failed.reason()).contains("'link'", "outside");
                });
        assertThat(trial.store().resolve("bucket/out")).doesNotExist();
      }
    }
  }

  @Test
  void anOutputWhoseNameCannotBeAnObjectIsFinalAndNamed() throws Exception {
    try (Engine engine = open(store())) {
      JobId job =
          engine.submit(
              job(
                  TaskDescription.builder(Command.of("touch", "out/line\nbreak"))
                      .retry(RetryPolicy.NONE)
                      .output("out/", "oss://bucket/out/")));
      assertThat(outcome(engine, job))
          .isInstanceOfSatisfying(
              Outcome.StageOutFailed.class,
              failed -> {
                assertThat(failed.retryable()).isFalse();
                assertThat(failed.reason()).contains("line?break", "control character");
              });
    }
  }

  @Test
  void aStorageThatThrowsAnErrorEndsThisAttemptOnly() throws Exception {
    Storage broken =
        new WrappedStorage(store()) {
          @Override
          public InputStream read(StoreUri object, long offset) {
            if (failuresLeft.getAndDecrement() > 0) {
              throw new NoClassDefFoundError("a library that is not there");
            }
            return super.read(object, offset);
          }
        };
    failuresLeft.set(1);
    try (Engine engine = open(broken)) {
      JobId job = engine.submit(copying());
      assertCopied(engine, job);
      List<AttemptStatus> attempts = engine.attempts(Trial.instance(job, "only", 0));
      assertThat(attempts.get(0).outcome().orElseThrow().describe())
          .contains("a library that is not there");
    }
  }

  @Test
  void aStorageThatHangsHoldsUpNeitherOthersNorTheClose() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    Storage hangs =
        new WrappedStorage(store()) {
          @Override
          public InputStream read(StoreUri object, long offset) {
            hanging.countDown();
            try {
              new CountDownLatch(1).await();
              throw new AssertionError("nobody opens it");
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              throw new StorageException(Code.UNAVAILABLE, object, "interrupted", e);
            }
          }
        };
    JobId job;
    try (Engine engine = open(hangs)) {
      job = engine.submit(copying());
      hanging.await();
      JobId other = engine.submit(job(TaskDescription.builder(Command.of("true"))));
      assertThat(engine.await(other).state()).isEqualTo(State.FINISHED);
      assertThat(engine.job(job).state()).isEqualTo(State.RUNNING);
    }
    try (Engine engine = open(store())) {
      assertCopied(engine, job);
    }
  }
}
