package dev.windlass.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.Engine;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.core.EngineBuilder;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Meters of a real engine. */
@Timeout(60)
class EngineMetricsTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path directory;

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final CountDownLatch gate = new CountDownLatch(1);
  private Engine engine;

  @BeforeEach
  void open() {
    engine =
        EngineBuilder.at(directory)
            .executor(
                FunctionExecutor.builder("functions")
                    .function("quick", run -> 0)
                    .function("badly", run -> 3)
                    .function(
                        "gated",
                        run -> {
                          gate.await();
                          return 0;
                        })
                    .build())
            .open();
  }

  @AfterEach
  void close() {
    gate.countDown();
    engine.close();
    registry.close();
  }

  private JobId submit(String function, int instances) {
    return engine.submit(
        JobDescription.builder("job")
            .task(
                "only", TaskDescription.builder(Command.of(function)).instances(instances).build())
            .build());
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  private double counter(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }

  private void awaitAllCounted() {
    await().atMost(SOON).untilAsserted(() -> assertThat(gauge("windlass.events.lag")).isZero());
  }

  @Test
  void whatHasEndedIsCounted() throws Exception {
    try (EngineMetrics metrics = EngineMetrics.bind(engine, registry)) {
      engine.await(submit("quick", 3));
      engine.await(submit("badly", 1));
      awaitAllCounted();
      assertThat(counter("windlass.jobs.ended", "state", "finished")).isEqualTo(1);
      assertThat(counter("windlass.jobs.ended", "state", "failed")).isEqualTo(1);
      assertThat(counter("windlass.attempts.ended", "outcome", "exited", "success", "true"))
          .isEqualTo(3);
      assertThat(counter("windlass.attempts.ended", "outcome", "exited", "success", "false"))
          .isEqualTo(1);
      assertThat(registry.get("windlass.attempts.phase").tag("phase", "running").timer().count())
          .isEqualTo(4);
      assertThat(registry.get("windlass.attempts.staged").summary().count()).isEqualTo(4);
      assertThat(gauge("windlass.attempts.running")).isZero();
      assertThat(gauge("windlass.jobs.open", "state", "running")).isZero();
      assertThat(metrics).isNotNull();
    }
  }

  @Test
  void jobsThatWereThereBeforeAreCountedAsOpen() throws Exception {
    JobId job = submit("gated", 1);
    await().atMost(SOON).until(() -> engine.job(job).state() == State.RUNNING);
    EngineMetrics metrics = EngineMetrics.bind(engine, registry);
    assertThat(gauge("windlass.jobs.open", "state", "running")).isEqualTo(1);
    gate.countDown();
    engine.await(job);
    awaitAllCounted();
    assertThat(gauge("windlass.jobs.open", "state", "running")).isZero();
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void nodesAreCountedByClusterAndState() {
    try (EngineMetrics metrics = EngineMetrics.bind(engine, registry)) {
      engine.createCluster(
          ClusterDescription.builder("farm")
              .group(new ClusterDescription.Group("workers", "functions", 3, Resources.cpus(1)))
              .build());
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(gauge("windlass.nodes", "cluster", "farm", "state", "running"))
                      .isEqualTo(3));
      engine.deleteCluster(new ClusterName("farm"));
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(registry.find("windlass.nodes").tag("cluster", "farm").gauge())
                      .isNull());
      assertThat(metrics).isNotNull();
    }
  }
}
