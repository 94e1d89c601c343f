package dev.windlass.executor.docker;

import static org.awaitility.Awaitility.await;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.AttemptId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to containers is heard of. */
@Tag("slow")
final class EventWatchTest {

  @TempDir Path directory;

  @BeforeEach
  void requireDaemon() {
    TestDaemon.require();
  }

  /** As if the stream had taken long to come: what happened since it was asked for is told. */
  @Test
  void whatHappensBeforeTheStreamIsThereIsToldToo() {
    DockerExecutorConfig config = TestDaemon.shared().config().build();
    Daemon daemon = new Daemon(config);
    Workers workers = new Workers("event-watch", 1);
    Instant begin = OffsetDateTime.parse(daemon.info().getSystemTime()).toInstant();
    Set<AttemptId> heardOf = ConcurrentHashMap.newKeySet();
    try (Bench bench = new Bench(directory, config)) {
      AttemptSpec spec = bench.shell("exit 0");
      bench.run(spec);
      EventWatch watch =
          new EventWatch(
              daemon,
              new Labels(bench.engineId(), config.name()),
              workers,
              begin,
              id -> {
                heardOf.add(id);
                return Optional.empty();
              },
              (node, event) -> {},
              () -> {});
      try {
        watch.start();
        await().atMost(Bench.PATIENCE).until(() -> heardOf.contains(spec.id()));
      } finally {
        watch.close();
      }
    } finally {
      workers.close(Duration.ZERO);
      daemon.close();
    }
  }
}
