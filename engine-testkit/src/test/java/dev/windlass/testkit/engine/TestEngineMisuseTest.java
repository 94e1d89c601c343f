package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.Engine;
import dev.windlass.InstanceStatus;
import dev.windlass.JobStatus;
import dev.windlass.event.Event;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a test engine cannot do it refuses. */
@Timeout(60)
class TestEngineMisuseTest extends TestEngineCase {

  @Test
  void otherThreadsAreRefused() throws Exception {
    Engine engine = test.engine();
    JobId job = engine.submit(job("a", program()));
    List<Runnable> calls =
        List.of(
            test::engine,
            test::runUntilIdle,
            () -> test.advance(Duration.ZERO),
            test::crashHost,
            test::restartHost,
            test::close,
            () -> engine.job(job),
            () -> engine.submit(job("a", program())),
            () -> engine.whenOver(job),
            engine::close);
    for (Runnable call : calls) {
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread other = new Thread(call, "other");
      other.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
      other.start();
      other.join();
      assertThat(thrown.get())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("for the thread that made it")
          .hasMessageContaining("'other'");
    }
    assertThat(engine.await(job).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void listenersCannotLetTimePassButCanWait() throws Exception {
    List<Throwable> refused = new ArrayList<>();
    List<State> awaited = new ArrayList<>();
    Engine engine = test.engine();
    engine.subscribe(
        event -> {
          if (event.position() == 1) {
            catching(refused, () -> test.advance(Duration.ZERO));
            catching(refused, test::runUntilIdle);
            catching(refused, test::restartHost);
            catching(refused, test::close);
            JobId job = ((Event.JobEvent) event.event()).job();
            catching(refused, () -> awaited.add(engine.await(job).state()));
          }
        });

    JobId job = engine.submit(job("a", program()));
    engine.await(job);
    test.runUntilIdle();

    assertThat(refused).hasSize(4).allMatch(thrown -> thrown instanceof IllegalStateException);
    assertThat(refused.get(0)).hasMessageContaining("advance is for the test itself");
    assertThat(awaited).containsExactly(State.FINISHED);
  }

  @Test
  void aStageOfWhenOverCannotWait() {
    test.script().task("b").succeeds().after(FORTY_MINUTES);
    List<Throwable> refused = new ArrayList<>();
    Engine engine = test.engine();
    JobId later = engine.submit(job("b", program()));
    engine
        .whenOver(engine.submit(job("a", program())))
        .thenRun(() -> catching(refused, () -> engine.await(later)));
    test.runUntilIdle();

    assertThat(refused).hasSize(1);
    assertThat(refused.get(0)).hasMessageContaining("a stage of whenOver cannot wait");
  }

  private interface Call {
    void run() throws Exception;
  }

  private static void catching(List<Throwable> refused, Call call) {
    try {
      call.run();
    } catch (Exception e) {
      refused.add(e);
    }
  }

  @Test
  void anInterruptEndsAWait() {
    test.script().task("a").runsForever();
    JobId job = test.engine().submit(job("a", program()));

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> test.engine().await(job)).isInstanceOf(InterruptedException.class);
    Thread.currentThread().interrupt();
    assertThatThrownBy(test::runUntilIdle).hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aClosedEngineIsRefused() {
    test.close();
    test.close();

    assertThatThrownBy(test::engine).hasMessageContaining("closed");
    assertThatThrownBy(() -> test.advance(Duration.ZERO)).hasMessageContaining("closed");
  }

  @Test
  void badSettingsAreRefused() {
    TestEngineBuilder builder = TestEngine.builder();

    assertThatThrownBy(() -> builder.executors("a", "a"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.schemes()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.stopGrace(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    builder.cluster("c", 1, Resources.cpus(1));
    assertThatThrownBy(() -> builder.cluster("c", 1, Resources.cpus(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.executors("other").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("names executor 'scripted'");
    assertThatThrownBy(() -> test.advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void settingsAreFollowed() throws Exception {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    try (TestEngine other =
        TestEngine.builder()
            .executors("docker", "slurm")
            .schemes("mem")
            .startingAt(start)
            .stopGrace(Duration.ofSeconds(1))
            .build()) {
      other.script().task("a").succeeds();
      TaskDescription.Builder task = program().executor("slurm").output("o/", "mem://b/o/");
      JobStatus status = other.engine().await(other.engine().submit(job("a", task)));

      assertThat(status.created()).isEqualTo(start);
      InstanceStatus instance = other.engine().instance(instance(status.id(), "a", 0));
      assertThat(instance.node()).startsWith("default-slurm");
      assertThat(instance.outcome()).isEqualTo(Optional.of(new Outcome.Exited(0)));
      other.script().verify();
    }
  }
}
