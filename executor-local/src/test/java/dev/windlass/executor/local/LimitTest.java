package dev.windlass.executor.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an attempt booked is what it gets, and that is proven. */
class LimitTest {

  private static final String HOG = "dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null";

  @TempDir Path root;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = Bench.on(root);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private AttemptSpec limited(long bytes, String line) {
    assumeTrue(
        bench.executor().info().can(Capability.MEMORY_LIMIT), "this host gives no memory limits");
    return bench.spec(
        builder -> builder.resources(Resources.NONE.withMemory(bytes)), "/bin/sh", "-c", line);
  }

  @Test
  void aProgramThatDiesOfItsMemoryLimitIsOutOfMemory() {
    assertThat(bench.outcome(limited(16 << 20, "exec " + HOG)))
        .isInstanceOfSatisfying(
            Outcome.OutOfMemory.class, oom -> assertThat(oom.evidence()).contains("16777216"));
  }

  @Test
  void aShellThatPassesOnItsChildsDeathIsOutOfMemoryToo() {
    assertThat(bench.outcome(limited(16 << 20, HOG + "; exit $?")))
        .isInstanceOf(Outcome.OutOfMemory.class);
  }

  @Test
  void aProgramThatSurvivesTheDeathOfAChildHasItsOwnOutcome() {
    assertThat(bench.outcome(limited(16 << 20, HOG + "; exit 3"))).isEqualTo(new Outcome.Exited(3));
  }

  @Test
  void aKillFromOutsideIsNotOutOfMemory() {
    assertThat(bench.outcome(limited(64 << 20, "kill -KILL $$")))
        .isEqualTo(new Outcome.Signalled(9));
  }

  @Test
  void usageIsMeasured() {
    AttemptReport.Ended ended =
        bench.run(limited(256 << 20, "dd if=/dev/zero of=/dev/null bs=60M count=1; exit 0"));
    assertThat(ended.outcome()).isEqualTo(new Outcome.Exited(0));
    assertThat(ended.usage().peakMemoryBytes().orElseThrow()).isBetween(50_000_000L, 256L << 20);
    assertThat(ended.usage().cpu().orElseThrow()).isPositive();
  }

  @Test
  void theProcessorsAreLimited() {
    assumeTrue(
        bench.executor().info().can(Capability.CPU_LIMIT), "this host gives no processor limits");
    AttemptSpec spec =
        bench.spec(
            builder -> builder.resources(new Resources(100, 0, 0)),
            "timeout",
            "1",
            "sh",
            "-c",
            "while :; do :; done");
    Duration cpu = bench.run(spec).usage().cpu().orElseThrow();
    assertThat(cpu).isLessThan(Duration.ofMillis(400));
  }

  @Test
  void withoutControlGroupsProcessorTimeComesFromTheLauncher() {
    try (Bench bare = Bench.unprivileged(root.resolve("bare"))) {
      AttemptReport.Ended ended =
          bare.run(bare.shell("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"));
      assertThat(ended.usage().cpu().orElseThrow())
          .isBetween(Duration.ofMillis(10), Duration.ofSeconds(30));
      assertThat(ended.usage().peakMemoryBytes()).isEmpty();
    }
  }
}
