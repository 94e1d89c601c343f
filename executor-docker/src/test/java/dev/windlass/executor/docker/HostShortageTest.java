package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorException;
import dev.windlass.job.Outcome;
import dev.windlass.testkit.crash.ChildJvm;
import dev.windlass.testkit.crash.FileDescriptors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the host is short of costs no outcome, and nothing waits for ever. */
@Tag("slow")
@Timeout(120)
final class HostShortageTest {

  @TempDir Path directory;
  private Path small;
  private boolean mounted;

  @BeforeEach
  void requireDaemon() {
    TestDaemon.require();
  }

  private void mountSmallDisk() throws Exception {
    small = Files.createDirectory(directory.resolve("small"));
    mounted = succeeds("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
    assumeTrue(mounted, "a small file system needs the right to mount");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(succeeds("umount", small.toString())).isTrue();
    }
  }

  @Test
  void whatEndsOnAFullDiskIsToldWhenThereIsRoomAgain() throws Exception {
    mountSmallDisk();
    try (Bench bench = new Bench(small, TestDaemon.shared().config().build())) {
      AttemptSpec ends =
          bench.launch(bench.shell("while [ ! -e gate ]; do sleep 0.05; done; exit 7"));
      AttemptSpec isCancelled = bench.launch(bench.shell("while :; do sleep 1; done"));
      bench.awaitStarted(ends);
      bench.awaitStarted(isCancelled);
      Path filler = fill();

      // A file without content takes no room of this file system.
      bench.openGate(ends);
      bench.executor().cancel(isCancelled.id(), Duration.ZERO);
      // Its end has been seen, and could not be kept.
      await()
          .atMost(Bench.PATIENCE)
          .until(() -> hasHalf(bench, ends) && hasHalf(bench, isCancelled));
      assertThat(bench.hasEnded(ends)).isFalse();

      Files.delete(filler);
      assertThat(bench.outcome(ends)).isEqualTo(new Outcome.Exited(7));
      assertThat(bench.outcome(isCancelled)).isEqualTo(new Outcome.Cancelled());
    }
  }

  @Test
  void aLaunchOnAFullDiskIsRefusedAndLeavesNothing() throws Exception {
    mountSmallDisk();
    try (Bench bench = new Bench(small, TestDaemon.shared().config().build())) {
      AttemptSpec spec = bench.shell("exit 7");
      Path filler = fill();
      assertThatThrownBy(() -> bench.executor().launch(spec))
          .isInstanceOfSatisfying(
              ExecutorException.class, e -> assertThat(e.code().isRetryable()).isTrue());
      assertThat(evidence(bench, spec)).doesNotExist();

      Files.delete(filler);
      assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(7));
    }
  }

  @Test
  void aHostWithoutFileDescriptorsCostsNoOutcome() throws Exception {
    Path place = Files.createDirectory(directory.resolve("host"));
    try (ChildJvm host =
        ChildJvm.start(
            FileDescriptors.limitedTo(200),
            StarvedHost.class,
            TestDaemon.shared().host(),
            place.toString())) {
      assertThat(host.line())
          .isEqualTo(
              "refused for now %s %s %s",
              new Outcome.Exited(7), new Outcome.Cancelled(), new Outcome.Exited(8));
    }
  }

  private boolean hasHalf(Bench bench, AttemptSpec spec) throws IOException {
    try (Stream<Path> files = Files.list(evidence(bench, spec))) {
      return files.anyMatch(file -> file.endsWith("end.part"));
    }
  }

  private Path evidence(Bench bench, AttemptSpec spec) {
    return small
        .resolve(bench.engineId())
        .resolve("executor/attempts")
        .resolve(spec.id().toString().replace('/', '.'));
  }

  private Path fill() throws IOException {
    Path filler = small.resolve("filler");
    byte[] block = new byte[512];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(Files.size(filler)).isPositive();
      return filler;
    }
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
