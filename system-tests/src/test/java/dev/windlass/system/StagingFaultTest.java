package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.AttemptStatus;
import dev.windlass.Engine;
import dev.windlass.core.EngineBuilder;
import dev.windlass.executor.local.LocalExecutor;
import dev.windlass.executor.local.LocalExecutorConfig;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.directory.DirectoryStorage;
import dev.windlass.testkit.crash.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Promises 5 and 7 where staging meets a crash, a full disk, odd trees and greedy programs. */
@Timeout(300)
final class StagingFaultTest {

  @TempDir Path directory;
  private Trial trial;

  @BeforeEach
  void makeTrial() throws IOException {
    trial = Trial.in(directory);
  }

  private Path object(String key) {
    return trial.store().resolve("bucket").resolve(key);
  }

  private void put(String key, String content) throws IOException {
    Files.createDirectories(object(key).getParent());
    Files.writeString(object(key), content);
  }

  private static JobDescription job(TaskDescription.Builder task) {
    return JobDescription.builder("job").task("only", task.retry(RetryPolicy.NONE).build()).build();
  }

  private static long regularFiles(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void aHostKilledInMidUploadLeavesNothingPartialAndPublishesLater() throws Exception {
    try (ChildJvm host = trial.host(UploadingHost.class)) {
      assertThat(host.line()).isEqualTo("uploading");
      assertThat(object("out/data")).doesNotExist();
      host.kill();
    }
    assertThat(regularFiles(trial.store())).as("a part of it is there").isPositive();
    assertThat(object("out/data")).as("and is no object").doesNotExist();

    try (Engine engine = trial.open()) {
      assertThat(engine.await(AdoptedJob.only(engine)).state()).isEqualTo(State.FINISHED);
    }
    assertThat(Files.readAllLines(object("out/data")))
        .hasSize(Integer.parseInt(UploadingHost.LINES))
        .containsOnly("y");
    assertThat(trial.ledger().resolve("runs")).hasContent("run\n");
    try (Stream<Path> all = Files.walk(trial.store())) {
      assertThat(all.filter(Files::isRegularFile)).containsExactly(object("out/data"));
    }
  }

  @Test
  void aDiskThatIsFullWhileStagingIsToldAndCleanedUpAndOthersGoOn() throws Exception {
    put("in/large", "x".repeat(6 << 20));
    Path runs = Files.createDirectories(trial.engine().resolve("runs"));
    try (AutoCloseable mounted = HostCommand.mountOver(runs, "size=3m")) {
      assertThat(mounted).isNotNull();
      fillAndEmpty(runs);
    }
  }

  private void fillAndEmpty(Path runs) throws Exception {
    LocalExecutor copying = bare();
    try (Engine engine =
        EngineBuilder.at(trial.engine())
            .executor(copying)
            .storage("oss", new WrappedStorage(DirectoryStorage.at(trial.store())))
            .open()) {
      JobId large =
          engine.submit(
              job(
                  TaskDescription.builder(Command.of("true"))
                      .input("oss://bucket/in/large", "in/large")));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> engine.instance(Trial.instance(large, "only", 0)).attempts() > 1);
      JobId small = engine.submit(job(TaskDescription.builder(Command.of("true"))));
      assertThat(engine.await(small).state()).isEqualTo(State.FINISHED);
      AttemptStatus first = engine.attempts(Trial.instance(large, "only", 0)).get(0);
      assertThat(first.outcome())
          .get()
          .isInstanceOfSatisfying(
              Outcome.StageInFailed.class,
              failed -> {
                assertThat(failed.retryable()).isTrue();
                assertThat(failed.reason()).contains("No space left");
              });
      assertThat(engine.instance(Trial.instance(large, "only", 0)).retries()).isZero();

      engine.stop(large);
      engine.await(large);
      await().until(() -> regularFiles(runs) == 0);
    }
  }

  private static LocalExecutor bare() {
    return LocalExecutor.create(
        LocalExecutorConfig.builder()
            .controlGroups(LocalExecutorConfig.Use.NEVER)
            .namespaces(LocalExecutorConfig.Use.NEVER)
            .build());
  }

  @ParameterizedTest
  @EnumSource
  void aProgramCannotChangeItsInput(LocalExecutorConfig.Use namespaces) throws Exception {
    put("in/data", "as it was");
    put("in/deep/data", "as it was");
    LocalExecutor executor =
        LocalExecutor.create(LocalExecutorConfig.builder().namespaces(namespaces).build());
    String greedy =
        "for f in in/data in/deep/data; do echo changed >$f; rm -f $f; mv new $f; done;"
            + " echo more >in/more; chmod -R a+w in; rm -rf in/deep; exit 0";
    try (Engine engine =
        EngineBuilder.at(trial.engine())
            .executor(executor)
            .storage("oss", DirectoryStorage.at(trial.store()))
            .open()) {
      JobDescription job =
          job(TaskDescription.builder(Command.shell(greedy)).input("oss://bucket/in/", "in/"));
      assertThat(engine.await(engine.submit(job)).state()).isEqualTo(State.FINISHED);
    }
    assertThat(object("in/data")).hasContent("as it was");
    assertThat(object("in/deep/data")).hasContent("as it was");
    assertThat(regularFiles(trial.store())).isEqualTo(2);
  }

  /** Names of 255 bytes, folders down to the longest key, and many of all of them. */
  @Test
  @Tag("slow")
  void manyFilesLongNamesAndDeepTreesComeThroughInBoundedMemory() throws Exception {
    int files = Integer.getInteger("windlass.tests.files", 100_000);
    String program =
        "name=$(printf '%0255d' 7); mkdir -p out/d; echo long >out/d/$name;"
            + " deep=out; i=0; while [ $i -lt 200 ]; do deep=$deep/deep; i=$((i+1)); done;"
            + " mkdir -p $deep; echo deep >$deep/file;"
            + " mkdir -p out/many; cd out/many; seq "
            + files
            + " | xargs touch";
    NullStorage store = new NullStorage();
    Runtime runtime = Runtime.getRuntime();
    try (Engine engine =
        EngineBuilder.at(trial.engine()).executor(bare()).storage("null", store).open()) {
      JobId job =
          engine.submit(
              job(
                  TaskDescription.builder(Command.shell(program))
                      .output("out/", "null://bucket/out/")));
      long before = BoundedMemoryTest.usedHeap();
      assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
      long growth = BoundedMemoryTest.usedHeap() - before;
      System.out.printf("%d files published, heap growth %d KiB%n", files, growth / 1024);
      assertThat(growth).isLessThan(runtime.maxMemory() / 8).isLessThan(64L << 20);
    }
    assertThat(store.keys()).isEqualTo(files + 2);
    assertThat(store.longest()).isGreaterThan(1_000);
  }

  @Test
  void ofTwoAttemptsOnlyTheAcceptedOneIsPublished() throws Exception {
    TwoAttempts executor = new TwoAttempts();
    try (Engine engine =
        EngineBuilder.at(trial.engine())
            .executor(executor)
            .storage("oss", DirectoryStorage.at(trial.store()))
            .open()) {
      JobId job =
          engine.submit(
              job(
                  TaskDescription.builder(Command.of("any"))
                      .output("out/", "oss://bucket/out/")
                      .logs("oss://bucket/logs/", "oss://bucket/logs/")));
      assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
      assertThat(object("out/data")).hasContent("attempt 2");
      assertThat(engine.attempts(Trial.instance(job, "only", 0)))
          .extracting(attempt -> attempt.outcome().orElseThrow().kind())
          .isEqualTo(List.of(Outcome.Kind.LOST, Outcome.Kind.EXITED));
    }
  }
}
