package dev.windlass.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.windlass.Engine;
import dev.windlass.LogBound;
import dev.windlass.Retention;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.core.engine.Parts;
import dev.windlass.core.engine.WindlassEngine;
import dev.windlass.core.platform.Clock;
import dev.windlass.core.platform.Lane;
import dev.windlass.core.platform.Platform;
import dev.windlass.core.platform.ThreadPlatform;
import dev.windlass.core.store.SqliteStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.EventRetention;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A defect in the loop stops the engine aloud, and the next one goes on where it was. */
class LoopDefectTest {

  /** This machine, whose clock fails the loop on demand: the one thing of it that may throw. */
  private static final class DefectivePlatform implements Platform {
    private final ThreadPlatform real = new ThreadPlatform();
    private final AtomicBoolean defective = new AtomicBoolean();

    @Override
    public Clock clock() {
      return new Clock() {
        @Override
        public long nanos() {
          if (defective.get() && Thread.currentThread().getName().equals("windlass-loop")) {
            throw new IllegalStateException("planted defect");
          }
          return real.clock().nanos();
        }

        @Override
        public Instant instant() {
          return real.clock().instant();
        }
      };
    }

    @Override
    public Lane lane(String name, int width) {
      return real.lane(name, width);
    }

    @Override
    public void await(CompletableFuture<?> promise) {
      real.await(promise);
    }

    @Override
    public boolean await(CompletableFuture<?> promise, Duration atMost)
        throws InterruptedException {
      return real.await(promise, atMost);
    }
  }

  private static Engine open(Path directory, Platform platform, CountDownLatch gate) {
    FunctionExecutor functions =
        FunctionExecutor.builder("functions")
            .function(
                "wait",
                call -> {
                  gate.await();
                  return 0;
                })
            .build();
    return WindlassEngine.of(
        new Parts(
            directory,
            SqliteStore.open(directory.resolve("state.db")),
            ImmutableMap.of("functions", functions),
            ImmutableMap.of(),
            Optional.empty(),
            ImmutableList.of(),
            InstanceTypes.builtIn(),
            Duration.ofSeconds(1),
            LogBound.DEFAULT,
            Retention.forever(),
            EventRetention.DEFAULT,
            platform,
            () -> {}));
  }

  @Test
  void aDefectInTheLoopStopsTheEngineAndTheNextOneGoesOn(@TempDir Path directory) throws Exception {
    DefectivePlatform platform = new DefectivePlatform();
    JobId job;
    try (Engine engine = open(directory, platform, new CountDownLatch(1))) {
      job =
          engine.submit(
              JobDescription.builder("job")
                  .task("only", TaskDescription.builder(Command.of("wait")).build())
                  .build());
      CompletableFuture<?> waiting = engine.whenOver(job).toCompletableFuture();
      platform.defective.set(true);
      assertThatThrownBy(() -> engine.stop(job))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL));
      assertThatThrownBy(() -> engine.job(job)).hasMessageContaining("planted defect");
      assertThatThrownBy(waiting::get).hasMessageContaining("planted defect");
    }
    CountDownLatch open = new CountDownLatch(0);
    try (Engine engine = open(directory, new ThreadPlatform(), open)) {
      assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
    }
  }
}
