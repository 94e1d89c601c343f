package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.executor.AttemptReport;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host that is killed at any moment finds again what runs inside its node: nothing twice, nothing
 * lost, every code the true one, and one node.
 */
@Tag("slow")
@Timeout(600)
final class WarmCrashTest {

  private static final int ATTEMPTS_PER_LIFE = 8;
  private static final Duration LONGEST_LIFE = Duration.ofMillis(1_200);

  @TempDir Path directory;

  /** The first life ends once it has launched something, the others whenever. */
  @Test
  void aHostThatIsKilledFindsWhatRunsInsideItsNode() throws Exception {
    TestDaemon daemon = TestDaemon.shared();
    Path root = directory.resolve(UUID.randomUUID().toString().replace("-", ""));
    Files.createDirectories(root.resolve("attempts"));
    long seed = Long.getLong("windlass.tests.seed", new Random().nextLong());
    System.out.println("windlass.tests.seed=" + seed);
    Random random = new Random(seed);
    for (int kill = 0; kill < Integer.getInteger("windlass.tests.kills", 2); kill++) {
      liveAndDie(daemon, root, kill == 0, random.nextLong(LONGEST_LIFE.toMillis()));
    }
    WarmHost host = new WarmHost(root);
    try (DockerExecutor executor = WarmHost.executor(daemon.host())) {
      executor.open(host);
      Set<AttemptId> expected = host.intents();
      for (AttemptReport report : executor.recover(expected)) {
        host.report(report);
      }
      await("all ends")
          .atMost(Bench.PATIENCE)
          .until(() -> host.outcomes().keySet().containsAll(expected));
      expected.forEach(id -> check(host, id));
      executor.startNode(host.node());
      assertThat(daemon.containers())
          .filteredOn(name -> name.contains(host.engineId()))
          .hasSizeLessThan(2);
      expected.forEach(executor::release);
      executor.endNode(WarmHost.NODE);
      await("nothing of the node")
          .atMost(Bench.PATIENCE)
          .until(
              () -> daemon.containers().stream().noneMatch(name -> name.contains(host.engineId())));
    }
    Path boots = root.resolve("attempts/boots");
    assertThat(Files.exists(boots) ? Files.readAllLines(boots) : List.of("none")).hasSize(1);
  }

  private static void liveAndDie(TestDaemon daemon, Path root, boolean launches, long millis)
      throws Exception {
    Process life =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                WarmHost.class.getName(),
                daemon.host(),
                root.toString(),
                Integer.toString(ATTEMPTS_PER_LIFE))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(life.inputReader().readLine()).isEqualTo("open");
      if (launches) {
        await("a launch")
            .atMost(Bench.PATIENCE)
            .until(() -> Files.exists(root.resolve("intent-0")));
      }
      // A moment of its life, which no condition tells.
      life.waitFor(millis, TimeUnit.MILLISECONDS);
    } finally {
      life.destroyForcibly().waitFor();
    }
  }

  private static void check(WarmHost host, AttemptId id) {
    int n = id.instance().index();
    Path ledger = host.spec(n).workDirectory().resolve("ledger");
    Outcome outcome = host.outcomes().get(id);
    try {
      int starts = Files.exists(ledger) ? Files.readAllLines(ledger).size() : 0;
      if (starts == 0) {
        assertThat(outcome).as(id.toString()).isInstanceOf(Outcome.Refused.class);
        assertThat(outcome.isRetryable()).isTrue();
      } else {
        assertThat(starts).as("starts of " + id).isEqualTo(1);
        assertThat(outcome).as(id.toString()).isEqualTo(new Outcome.Exited(n % 100));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
