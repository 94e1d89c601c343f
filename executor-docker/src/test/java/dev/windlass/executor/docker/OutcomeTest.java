package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way in which a container ends gives its own, true outcome. */
@Tag("slow")
final class OutcomeTest {

  private static final Resources LITTLE = Resources.cpus(1).withMemory(32 << 20);

  @TempDir Path directory;
  private TestDaemon daemon;
  private Bench bench;

  @BeforeEach
  void open() {
    daemon = TestDaemon.shared();
    bench = new Bench(directory, daemon.config().build());
  }

  @AfterEach
  void close() {
    if (bench != null) {
      bench.close();
    }
  }

  @Test
  void aProgramThatUsesUpItsMemoryIsOutOfMemory() {
    AttemptSpec spec = bench.shell("exec tail /dev/zero", some -> some.resources(LITTLE));
    assertThat(bench.run(spec)).isInstanceOf(Outcome.OutOfMemory.class);
  }

  @Test
  void aChildThatUsesUpTheMemoryIsOutOfMemoryIfTheProgramDiesOfIt() {
    AttemptSpec spec = bench.shell("tail /dev/zero; exit $?", some -> some.resources(LITTLE));
    assertThat(bench.run(spec)).isInstanceOf(Outcome.OutOfMemory.class);
  }

  @Test
  void aChildThatUsesUpTheMemoryIsTheProgramsOwnMatterIfItGoesOn() {
    AttemptSpec spec = bench.shell("tail /dev/zero; exit 3", some -> some.resources(LITTLE));
    assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(3));
  }

  @Test
  void anExitWith137IsNoMoreThanThat() {
    AttemptSpec spec = bench.shell("exit 137", some -> some.resources(LITTLE));
    assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(137));
  }

  @Test
  void aContainerKilledFromOutsideIsLost() {
    AttemptSpec spec = bench.launch(bench.shell("echo >running; sleep 600"));
    bench.awaitFile(spec, "running");
    daemon.docker("kill", bench.container(spec));
    assertThat(bench.outcome(spec)).isInstanceOf(Outcome.Lost.class);
    assertThat(bench.outcome(spec).describe()).contains("signal 9");
  }

  /** Its exit code would be a success. */
  @Test
  void aContainerStoppedFromOutsideIsLostAlsoIfTheProgramEndsWell() {
    AttemptSpec spec =
        bench.launch(
            bench.shell("trap 'exit 0' TERM; echo >running; while :; do sleep 0.05; done"));
    bench.awaitFile(spec, "running");
    daemon.docker("stop", bench.container(spec));
    assertThat(bench.outcome(spec)).isInstanceOf(Outcome.Lost.class);
  }

  @Test
  void aSignalThatEndsNothingIsNoEnd() {
    AttemptSpec spec =
        bench.launch(
            bench.shell(
                "trap : USR1; echo >running; while [ ! -e gate ]; do sleep 0.05; done; exit 5"));
    bench.awaitFile(spec, "running");
    daemon.docker("kill", "--signal", "USR1", bench.container(spec));
    bench.openGate(spec);
    assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(5));
  }

  @Test
  void aContainerRemovedFromOutsideIsLost() {
    AttemptSpec spec = bench.launch(bench.shell("echo >running; sleep 600"));
    bench.awaitFile(spec, "running");
    daemon.docker("rm", "-f", bench.container(spec));
    assertThat(bench.outcome(spec)).isInstanceOf(Outcome.Lost.class);
  }

  @Test
  void aProgramThatIsNotInTheImageIsRefusedForGood() {
    Outcome outcome = bench.run(bench.spec(List.of("no-such-program"), some -> some));
    assertRefusedForGood(outcome, "no-such-program");
  }

  /** The engine answers these as if it had failed. */
  @ParameterizedTest
  @MethodSource("pathsToNowhere")
  void aProgramAtAPathThatLeadsNowhereIsRefusedForGood(String program) {
    Outcome outcome = bench.run(bench.spec(List.of(program), some -> some));
    assertRefusedForGood(outcome, program);
  }

  static Stream<String> pathsToNowhere() {
    return Stream.of("/data.txt/program", "/circle", "/circle/program", "/bin/" + "x".repeat(300));
  }

  @Test
  void thePathMayNameWhatIsNoDirectory() {
    Outcome outcome =
        bench.run(
            bench.spec(
                List.of("sh", "-c", "exit 3"),
                some -> some.environment(Map.of("PATH", "/data.txt:/none:/bin"))));
    assertThat(outcome).isEqualTo(new Outcome.Exited(3));
  }

  @Test
  void aFileThatIsNotExecutableIsRefusedForGood() {
    Outcome outcome = bench.run(bench.spec(List.of("/data.txt"), some -> some));
    assertRefusedForGood(outcome, "/data.txt");
  }

  @Test
  void aProgramMayExitAsIfItWereNotThere() {
    assertThat(bench.run(bench.shell("exit 127"))).isEqualTo(new Outcome.Exited(127));
    assertThat(bench.run(bench.shell("exit 126"))).isEqualTo(new Outcome.Exited(126));
  }

  /** A file system of the container that has no room left is the program's own failure to write. */
  @Test
  void aFullDiskInTheContainerIsTheProgramsOwnExit() {
    AttemptSpec spec = bench.shell("dd if=/dev/zero of=/dev/shm/full bs=1M count=80 || exit 28");
    assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(28));
    assertThat(Bench.text(spec.stderr())).contains("No space left on device");
  }

  @Test
  void whoAsksForADeviceThatTheEngineCannotGiveIsRefused() {
    Outcome outcome =
        bench.run(bench.shell("true", some -> some.resources(Resources.cpus(1).withGpus(1))));
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(outcome.describe()).contains("could not select device driver");
  }

  @Test
  void aForkBombIsContained() {
    try (Bench few = new Bench(directory, daemon.config().pidsLimit(64).build())) {
      AttemptSpec spec = few.shell("(f() { f | f & }; f) 2>/dev/null; sleep 0.5; exit 6");
      assertThat(few.run(spec)).isInstanceOf(Outcome.Exited.class);
      assertThat(few.run(few.shell("exit 7"))).isEqualTo(new Outcome.Exited(7));
    }
  }

  private static void assertRefusedForGood(Outcome outcome, String named) {
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(((Outcome.Refused) outcome).retryable()).isFalse();
    assertThat(outcome.describe()).contains(named);
  }
}
