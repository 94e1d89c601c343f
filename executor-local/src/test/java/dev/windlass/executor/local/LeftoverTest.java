package dev.windlass.executor.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.job.Isolation;
import dev.windlass.job.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * When the end of an attempt is reported, nothing that it started is left; with and without
 * privileges.
 */
@Tag("slow")
class LeftoverTest {

  private static final List<String> TREES =
      List.of(
          "sleep 999 & exit 0",
          "(sleep 999 &)",
          "setsid sleep 999 & exit 0",
          "(setsid sh -c 'sleep 999; sleep 999' >/dev/null 2>&1 &) ; exit 0",
          "trap '' TERM HUP INT; (trap '' TERM; while :; do sleep 1; done) & exit 0",
          "env -i sleep 999 & exit 0",
          "nohup sh -c 'sh -c \"sleep 999\" & sleep 999' & sleep 999 & exit 0");

  @TempDir Path root;

  static Stream<Arguments> trees() {
    return Stream.of(LocalExecutorConfig.builder().build(), Bench.UNPRIVILEGED)
        .flatMap(config -> TREES.stream().map(line -> Arguments.of(config, line)));
  }

  static Stream<LocalExecutorConfig> configs() {
    return Stream.of(LocalExecutorConfig.builder().build(), Bench.UNPRIVILEGED);
  }

  @ParameterizedTest
  @MethodSource("trees")
  void nothingOutlivesTheProgram(LocalExecutorConfig config, String line) {
    try (Bench bench = new Bench(root, config)) {
      AttemptSpec spec = bench.shell(line);
      long before = System.nanoTime();
      assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
      assertThat(bench.leftovers()).isEmpty();
      assertThat(sleepersIn(spec)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("trees")
  void nothingOutlivesACancellation(LocalExecutorConfig config, String line) {
    try (Bench bench = new Bench(root, config)) {
      AttemptSpec spec = bench.shell(line.replace("exit 0", "wait; sleep 999") + "; sleep 999");
      bench.executor().launch(spec);
      bench.awaitStart(spec.id());
      bench.executor().cancel(spec.id(), Duration.ZERO);
      assertThat(bench.awaitEnd(spec.id()).outcome()).isEqualTo(new Outcome.Cancelled());
      assertThat(bench.leftovers()).isEmpty();
      assertThat(sleepersIn(spec)).isEmpty();
    }
  }

  /** By the working directory, which none of these programs leaves. */
  private static List<Long> sleepersIn(AttemptSpec spec) {
    return ProcFs.all().stream()
        .map(ProcFs.Stat::pid)
        .filter(
            pid -> {
              try {
                return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"))
                    .startsWith(spec.workDirectory().toRealPath());
              } catch (java.io.IOException e) {
                return false;
              }
            })
        .toList();
  }

  @Test
  void aRelayOfForksEndsUnderSealed() {
    try (Bench bench = Bench.on(root)) {
      assumeTrue(
          bench.executor().info().can(Capability.SEALED), "this host gives no control groups");
      // Each generation forks its heir, in a session of its own and without the cookie, and exits.
      AttemptSpec spec =
          bench.spec(
              builder -> builder.isolation(Isolation.SEALED),
              "/bin/sh",
              "-c",
              "cat >relay <<'EOF'\necho . >>beats\nsetsid env -i /bin/sh ./relay </dev/null &\nexit 0\nEOF\n"
                  + "/bin/sh ./relay; sleep 0.3; exit 0");
      assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
      assertThat(sleepersIn(spec)).isEmpty();
    }
  }

  @Test
  void aProgramThatMakesGroupsOfItsOwnLeavesNone() {
    try (Bench bench = Bench.on(root)) {
      assumeTrue(
          bench.executor().info().can(Capability.SEALED), "this host gives no control groups");
      AttemptSpec spec = bench.shell("sleep 999 & exit 0");
      bench.executor().launch(spec);
      bench.awaitEnd(spec.id());
      ControlGroup group =
          ControlGroup.parse(
                  Bench.text(
                      bench
                          .directory()
                          .resolve("attempts")
                          .resolve(Evidence.directoryName(spec.id()))
                          .resolve("groups")))
              .orElseThrow();
      bench.executor().release(spec.id());
      assertThat(group.paths()).allSatisfy(path -> assertThat(path).doesNotExist());
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void aProgramThatIgnoresTermIsKilledAfterTheGracePeriod(LocalExecutorConfig config) {
    try (Bench bench = new Bench(root, config)) {
      AttemptSpec spec =
          bench.shell("trap 'echo term' TERM; echo ready; while :; do sleep 0.05; done");
      bench.executor().launch(spec);
      Bench.await(() -> Files.exists(spec.stdout()) && Bench.stdout(spec).contains("ready"));
      bench.executor().cancel(spec.id(), Duration.ofMillis(300));
      bench.executor().cancel(spec.id(), Duration.ofHours(1));
      assertThat(bench.awaitEnd(spec.id()).outcome()).isEqualTo(new Outcome.Cancelled());
      assertThat(Bench.stdout(spec)).isEqualTo("ready\nterm\n");
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void aShorterGracePeriodHoldsFromThenOn(LocalExecutorConfig config) {
    try (Bench bench = new Bench(root, config)) {
      AttemptSpec spec = bench.shell("trap '' TERM; echo ready; while :; do sleep 0.05; done");
      bench.executor().launch(spec);
      Bench.await(() -> Files.exists(spec.stdout()) && Bench.stdout(spec).contains("ready"));
      bench.executor().cancel(spec.id(), Duration.ofHours(1));
      bench.executor().cancel(spec.id(), Duration.ZERO);
      assertThat(bench.awaitEnd(spec.id()).outcome()).isEqualTo(new Outcome.Cancelled());
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void aProgramThatEndsWellWhenAskedMayKeepItsOutcome(LocalExecutorConfig config) {
    try (Bench bench = new Bench(root, config)) {
      AttemptSpec spec =
          bench.shell("trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done");
      bench.executor().launch(spec);
      Bench.await(() -> Files.exists(spec.stdout()) && Bench.stdout(spec).contains("ready"));
      bench.executor().cancel(spec.id(), Duration.ofSeconds(30));
      assertThat(bench.awaitEnd(spec.id()).outcome()).isEqualTo(new Outcome.Exited(0));
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void cancellingAtAnyMomentGivesOneOutcomeAndLeavesNothing(LocalExecutorConfig config) {
    try (Bench bench = new Bench(root, config)) {
      for (int i = 0; i < 60; i++) {
        AttemptSpec spec = bench.shell("echo begun >>ledger; sleep 0.02; exit 0");
        bench.executor().launch(spec);
        long until = System.nanoTime() + i * 500_000L;
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
        bench.executor().cancel(spec.id(), i % 2 == 0 ? Duration.ZERO : Duration.ofSeconds(5));
        AttemptReport.Ended end = bench.awaitEnd(spec.id());
        assertThat(end.outcome()).isIn(new Outcome.Cancelled(), new Outcome.Exited(0));
        assertThat(sleepersIn(spec)).isEmpty();
        bench.executor().cancel(spec.id(), Duration.ZERO);
        assertThat(bench.reportsOf(spec.id())).endsWith(end);
        bench.executor().release(spec.id());
      }
      assertThat(bench.leftovers()).isEmpty();
    }
  }
}
