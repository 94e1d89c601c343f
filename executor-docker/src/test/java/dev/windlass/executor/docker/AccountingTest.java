package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an attempt used is counted in a control group of its own, of which nothing is left. */
@Tag("slow")
final class AccountingTest {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  @TempDir Path directory;
  private TestDaemon daemon;
  private Bench bench;

  @BeforeEach
  void open() {
    daemon = TestDaemon.shared();
    daemon.assumeControlGroups();
    bench = new Bench(directory, daemon.config().build());
  }

  @AfterEach
  void close() {
    if (bench != null) {
      bench.close();
    }
  }

  @Test
  void whatAnAttemptUsedIsTold() {
    AttemptSpec spec =
        bench.shell(
            "head -c 30000000 /dev/zero | tail -c 30000000 >/dev/null;"
                + " i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; sleep 0.3");
    bench.run(spec);
    Usage usage = bench.end(spec).usage();
    assertThat(usage.wall().orElseThrow().toMillis()).isBetween(300L, 30_000L);
    assertThat(usage.cpu().orElseThrow().toMillis()).isBetween(20L, 20_000L);
    assertThat(usage.peakMemoryBytes().orElseThrow()).isBetween(30_000_000L, 200_000_000L);
  }

  /** A group above it would be in use by the starts of one engine while another one removes it. */
  @Test
  void itsGroupHasNoneAboveItAndGoesWithItsContainer() throws Exception {
    AttemptSpec spec = launchOneThatWaits();
    String group =
        daemon.docker("inspect", "-f", "{{.HostConfig.CgroupParent}}", bench.container(spec));
    assertThat(group).contains(bench.engineId()).matches("/windlass[^/]+");
    assertThat(directoriesOf(group)).isNotEmpty();
    bench.openGate(spec);
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
    await().untilAsserted(() -> assertThat(directoriesOf(group)).isEmpty());
  }

  /** A host that dies between the removal of a container and that of its group leaves the group. */
  @Test
  void groupsThatALifeOfTheHostLeftGoWithTheNext() throws Exception {
    AttemptSpec running = launchOneThatWaits();
    Labels labels = new Labels(bench.engineId(), "docker");
    String left = "/" + labels.group(bench.shell("true").id());
    String others = "/" + new Labels(bench.engineId(), "docker-2").group(running.id());
    for (String group : List.of(left, others)) {
      Files.createDirectory(oneOf("/" + labels.group(running.id())).resolveSibling(name(group)));
    }
    try {
      bench.restart();
      assertThat(directoriesOf(left)).isEmpty();
      assertThat(directoriesOf(others)).isNotEmpty();
      assertThat(directoriesOf("/" + labels.group(running.id()))).isNotEmpty();
      bench.openGate(running);
      assertThat(bench.outcome(running)).isEqualTo(new Outcome.Exited(0));
      assertThat(bench.end(running).usage().cpu()).isPresent();
    } finally {
      Files.delete(oneOf(others));
    }
  }

  private AttemptSpec launchOneThatWaits() {
    AttemptSpec spec =
        bench.launch(bench.shell("echo >running; while [ ! -e gate ]; do sleep 0.05; done"));
    bench.awaitFile(spec, "running");
    return spec;
  }

  private static String name(String group) {
    return group.substring(1);
  }

  private static Path oneOf(String group) throws IOException {
    return directoriesOf(group).get(0);
  }

  /** Where a control group is, in whatever hierarchy. */
  private static List<Path> directoriesOf(String group) throws IOException {
    try (Stream<Path> hierarchies = Files.list(ROOT)) {
      return Stream.concat(Stream.of(ROOT), hierarchies)
          .map(hierarchy -> hierarchy.resolve(name(group)))
          .filter(Files::isDirectory)
          .toList();
    }
  }
}
