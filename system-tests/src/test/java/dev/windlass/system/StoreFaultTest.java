package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.core.EngineBuilder;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.testkit.crash.ChildJvm;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 11: when the store fails, the engine stops rather than lies, and goes on when it can. */
@Tag("slow")
final class StoreFaultTest {

  @TempDir Path directory;
  private Path mounted;
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger runs = new AtomicInteger();

  @AfterEach
  void unmount() throws Exception {
    gate.countDown();
    if (mounted != null) {
      run("umount", mounted.toString());
    }
  }

  @Test
  void aFullDiskRefusesWhatIsNewAndLosesNothingThatWasAccepted() throws Exception {
    mounted = Files.createDirectory(directory.resolve("small"));
    boolean small = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", mounted.toString());
    if (!small) {
      mounted = null;
    }
    assumeTrue(small, "a small file system needs the right to mount");
    try (Engine engine = open(mounted.resolve("engine"))) {
      JobId accepted = engine.submit(job("wait"));
      await().until(() -> runs.get() == 1);
      Path filler = mounted.resolve("filler");
      fill(filler);

      EngineException refused = refusedSubmission(engine);
      assertThat(refused.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
      assertThat(refused).hasMessageContaining("state.db");
      gate.countDown();

      Files.delete(filler);
      await().atMost(Duration.ofMinutes(1)).until(() -> isUsable(engine));
      assertThat(engine.await(accepted).state()).isEqualTo(State.FINISHED);
      assertThat(runs).as("the running attempt went on and was not repeated").hasValue(1);
      JobId later = engine.submit(job("quick"));
      assertThat(engine.await(later).state()).isEqualTo(State.FINISHED);
      assertThat(engine.jobs(JobQuery.all()).items())
          .extracting(status -> status.id())
          .containsExactly(later, accepted);
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsRefused() throws Exception {
    mounted = Files.createDirectory(directory.resolve("readonly"));
    boolean readOnly = run("mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", mounted.toString());
    if (!readOnly) {
      mounted = null;
    }
    assumeTrue(readOnly, "a read-only file system needs the right to mount");
    for (Path engine : new Path[] {mounted, mounted.resolve("engine")}) {
      assertThatThrownBy(() -> open(engine).close())
          .isInstanceOfSatisfying(
              EngineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DIRECTORY_UNUSABLE))
          .hasMessageContaining(engine.toString());
    }
  }

  @Test
  void whatRunsWhileTheDirectoryIsAwayIsAdoptedOnceItIsBack() throws Exception {
    Trial trial = Trial.in(directory);
    try (ChildJvm host = trial.host(AdoptedJobHost.class)) {
      AdoptedJob.awaitStarts(trial);
      host.kill();
    }
    // An empty disk in its place, as when the right one was not mounted.
    try (AutoCloseable mounted = HostCommand.mountOver(trial.engine(), "ro,size=1m")) {
      assertThat(mounted).isNotNull();
      assertThatThrownBy(() -> trial.open().close())
          .isInstanceOfSatisfying(
              EngineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.DIRECTORY_UNUSABLE))
          .hasMessageContaining(trial.engine().toString());
      assertThat(trial.alive()).isNotEmpty();
    }
    try (Engine engine = trial.open()) {
      AdoptedJob.letGo(trial);
      AdoptedJob.assertAdopted(trial, engine);
    }
  }

  @Test
  void aFileThatIsNoStateFileIsRefusedAndLeftAlone() throws Exception {
    Path engine = Files.createDirectory(directory.resolve("engine"));
    Path state = engine.resolve("state.db");
    Files.writeString(
        state, "this is not a database, but it is long enough to look like one\n".repeat(99));
    byte[] before = Files.readAllBytes(state);
    assertThatThrownBy(() -> open(engine).close())
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_CORRUPT))
        .hasMessageContaining(state.toString());
    assertThat(Files.readAllBytes(state)).isEqualTo(before);
  }

  private Engine open(Path engine) {
    return EngineBuilder.at(engine)
        .executor(
            FunctionExecutor.builder("functions")
                .function(
                    "wait",
                    run -> {
                      runs.incrementAndGet();
                      gate.await();
                      return 0;
                    })
                .function("quick", run -> 0)
                .build())
        .open();
  }

  private static JobDescription job(String function) {
    return JobDescription.builder(function)
        .task("only", TaskDescription.builder(Command.of(function)).build())
        .build();
  }

  /**
   * The log file of the store has some room left at first, so the first submissions may succeed.
   */
  private static EngineException refusedSubmission(Engine engine) {
    JobDescription large =
        JobDescription.builder("large")
            .task("only", TaskDescription.builder(Command.of("quick", "x".repeat(100_000))).build())
            .build();
    for (int i = 0; i < 100; i++) {
      try {
        JobId job = engine.submit(large);
        engine.await(job);
        engine.delete(job);
      } catch (EngineException e) {
        return e;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    throw new AssertionError("the disk is full, and still everything is accepted");
  }

  private static boolean isUsable(Engine engine) {
    try {
      engine.jobs(JobQuery.all());
      return true;
    } catch (EngineException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
      return false;
    }
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(Files.size(file)).isPositive();
    }
  }

  private static boolean run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor() == 0;
  }
}
