package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.windlass.error.EngineException;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Docker engine restarts, dies, says nothing, or is cut off; and then it is back. */
@Tag("slow")
final class DaemonFaultTest {

  private static final String WAIT =
      "echo >running; while [ ! -e gate ]; do sleep 0.05; done; echo said; exit ";

  @TempDir Path directory;

  @BeforeEach
  void requireDaemon() {
    TestDaemon.require();
  }

  @Test
  void withLiveRestoreARestartedEngineLosesNothing() throws Exception {
    try (TestDaemon daemon = TestDaemon.begin("--live-restore");
        Bench bench = new Bench(directory, daemon.config().build())) {
      AttemptSpec meanwhile = bench.launch(bench.shell(WAIT + 11));
      AttemptSpec later =
          bench.launch(
              bench.shell(
                  "while [ ! -e away ]; do sleep 0.05; done; echo while away; echo >told; "
                      + WAIT
                      + 12));
      bench.awaitFile(meanwhile, "running");
      bench.awaitStarted(meanwhile);
      bench.awaitStarted(later);
      for (boolean killed : List.of(false, true)) {
        if (killed) {
          daemon.kill();
          // Its end is noticed by nobody but the process that keeps the container.
          bench.open(meanwhile, "gate");
        } else {
          daemon.stop();
          bench.open(later, "away");
          bench.awaitFile(later, "told");
        }
        assertThat(bench.hasEnded(meanwhile)).as("concluded from silence").isFalse();
        daemon.start();
      }
      assertThat(bench.outcome(meanwhile)).isEqualTo(new Outcome.Exited(11));
      bench.openGate(later);
      assertThat(bench.outcome(later)).isEqualTo(new Outcome.Exited(12));
      assertThat(Bench.text(later.stdout())).isEqualTo("while away\nsaid\n");
      assertThat(bench.run(bench.shell("exit 13"))).isEqualTo(new Outcome.Exited(13));
    }
  }

  @Test
  void withoutLiveRestoreWhatRanIsLostAndWhatComesNextRuns() throws Exception {
    try (TestDaemon daemon = TestDaemon.begin();
        Bench bench = new Bench(directory, daemon.config().build())) {
      for (boolean killed : List.of(false, true)) {
        AttemptSpec spec = bench.launch(bench.shell(WAIT + 11));
        bench.awaitFile(spec, "running");
        bench.awaitStarted(spec);
        if (killed) {
          daemon.kill();
        } else {
          daemon.stop();
        }
        daemon.start();
        assertThat(bench.outcome(spec)).isInstanceOf(Outcome.Lost.class);
        assertThat(bench.run(bench.shell("exit 13"))).isEqualTo(new Outcome.Exited(13));
      }
    }
  }

  @Test
  void anAttemptThatIsLaunchedWhileTheEngineIsAwayRunsOnceItIsBack() throws Exception {
    try (TestDaemon daemon = TestDaemon.begin();
        Bench bench = new Bench(directory, daemon.config().build())) {
      daemon.kill();
      AttemptSpec spec = bench.launch(bench.shell("exit 14"));
      assertThatThrownBy(bench::recover).isInstanceOf(EngineException.class);
      daemon.start();
      assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(14));
    }
  }

  @Test
  void whatEndsWhileTheConnectionIsCutIsFoundByLooking() throws Exception {
    TestDaemon daemon = TestDaemon.shared();
    try (TcpToUnix proxy = TcpToUnix.to(daemon.host(), directory.resolve("proxy.sock"));
        Bench bench = new Bench(directory, daemon.config().host(proxy.host()).build())) {
      AttemptSpec spec = bench.launch(bench.shell(WAIT + 15));
      bench.awaitFile(spec, "running");
      bench.awaitStarted(spec);
      proxy.stall();
      bench.openGate(spec);
      await("the container to end")
          .atMost(Bench.PATIENCE)
          .until(
              () ->
                  daemon
                      .docker("inspect", "-f", "{{.State.Running}}", bench.container(spec))
                      .equals("false"));
      assertThat(bench.hasEnded(spec)).isFalse();
      proxy.recover();
      assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(15));
    }
  }

  /** Each is asked again when its deadline has passed; nothing was started twice. */
  @Test
  void anEngineThatSaysNothingDelaysAndBreaksNothing() throws Exception {
    TestDaemon daemon = TestDaemon.shared();
    try (TcpToUnix proxy = TcpToUnix.to(daemon.host(), directory.resolve("proxy.sock"));
        Bench bench =
            new Bench(
                directory,
                daemon.config().host(proxy.host()).callTimeout(Duration.ofSeconds(2)).build())) {
      proxy.stall();
      List<AttemptSpec> attempts =
          IntStream.range(0, 4)
              .mapToObj(i -> bench.launch(bench.shell("echo x >>ledger; exit " + i)))
              .toList();
      assertThatThrownBy(bench::recover).isInstanceOf(EngineException.class);
      proxy.recover();
      for (int i = 0; i < attempts.size(); i++) {
        assertThat(bench.outcome(attempts.get(i))).isEqualTo(new Outcome.Exited(i));
        assertThat(Bench.text(attempts.get(i).workDirectory().resolve("ledger"))).isEqualTo("x\n");
      }
    }
  }

  @Test
  void whatThisHostCannotTakeInIsNotToldAsSilence() {
    try (Daemon daemon = new Daemon(TestDaemon.shared().config().build())) {
      assertThatThrownBy(
              () ->
                  daemon.get(
                      "/version",
                      Bench.PATIENCE,
                      answer -> {
                        throw new IOException("No space left on device");
                      }))
          .isInstanceOf(DaemonSilentException.class)
          .hasMessageContaining("GET /version")
          .hasMessageContaining("No space left on device")
          .hasMessageNotContaining("does not answer");
    }
  }

  @Test
  void aNameThatAStrangerHasTakenIsLeftToHim() {
    TestDaemon daemon = TestDaemon.shared();
    try (Bench bench = new Bench(directory, daemon.config().build())) {
      AttemptSpec spec = bench.shell("true");
      daemon.docker("create", "--name", bench.container(spec), TestDaemon.IMAGE, "/bin/true");
      Outcome outcome = bench.run(spec);
      assertThat(outcome).isInstanceOf(Outcome.Refused.class);
      assertThat(((Outcome.Refused) outcome).retryable()).isFalse();
      assertThat(daemon.docker("inspect", "-f", "{{.State.Status}}", bench.container(spec)))
          .isEqualTo("created");
      daemon.docker("rm", bench.container(spec));
    }
  }

  @Test
  void aContainerThatWasMadeAndNotStartedIsFencedInTheNextLife() {
    TestDaemon daemon = TestDaemon.shared();
    try (Bench bench = new Bench(directory, daemon.config().build())) {
      AttemptSpec spec = bench.shell("true");
      daemon.docker(
          "create",
          "--name",
          bench.container(spec),
          "--label",
          Labels.ENGINE + "=" + bench.engineId(),
          "--label",
          Labels.EXECUTOR + "=docker",
          "--label",
          Labels.ATTEMPT + "=" + spec.id(),
          TestDaemon.IMAGE,
          "/bin/true");
      Collection<AttemptReport> recovered = bench.restart();
      assertThat(recovered)
          .singleElement()
          .isInstanceOfSatisfying(
              AttemptReport.Ended.class,
              end -> assertThat(end.outcome()).isInstanceOf(Outcome.Refused.class));
      assertThat(daemon.docker("ps", "-aq", "--filter", "name=" + bench.container(spec))).isEmpty();
      bench.release(spec);
    }
  }

  @Test
  void aRemovedContainerThatHadBegunIsLostInTheNextLifeAndNotStartedAgain() {
    TestDaemon daemon = TestDaemon.shared();
    try (Bench bench = new Bench(directory, daemon.config().build())) {
      AttemptSpec spec = bench.launch(bench.shell("echo x >>ledger; echo >running; sleep 600"));
      bench.awaitFile(spec, "running");
      bench.awaitStarted(spec);
      bench.executor().close();
      daemon.docker("rm", "-f", bench.container(spec));
      bench.restart();
      assertThat(bench.outcome(spec)).isInstanceOf(Outcome.Lost.class);
      assertThat(Bench.text(spec.workDirectory().resolve("ledger"))).isEqualTo("x\n");
    }
  }

  @Test
  void threadsAndConnectionsDoNotGrowWithWhatRuns() throws Exception {
    TestDaemon daemon = TestDaemon.shared();
    try (TcpToUnix proxy = TcpToUnix.to(daemon.host(), directory.resolve("proxy.sock"));
        Bench bench = new Bench(directory, daemon.config().host(proxy.host()).build())) {
      Set<Thread> before = Thread.getAllStackTraces().keySet();
      List<AttemptSpec> attempts =
          IntStream.range(0, 40).mapToObj(i -> bench.launch(bench.shell(WAIT + 0))).toList();
      attempts.forEach(bench::awaitStarted);
      attempts.forEach(spec -> bench.awaitFile(spec, "running"));
      // The workers' calls are over; what stays is the one stream, and connections kept for reuse.
      assertThat(
              Thread.getAllStackTraces().keySet().stream()
                  .filter(thread -> !before.contains(thread))
                  .filter(thread -> thread.getName().startsWith("windlass-docker")))
          .as("a few that work, and calls; not one for each container")
          .hasSizeLessThan(attempts.size());
      assertThat(proxy.connections()).isLessThan(attempts.size() / 2);
      attempts.forEach(bench::openGate);
      attempts.forEach(spec -> assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0)));
    }
  }
}
