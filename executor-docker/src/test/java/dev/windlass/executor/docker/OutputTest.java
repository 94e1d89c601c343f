package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Output is exact, can be read while the program runs, and is bounded. */
final class OutputTest {

  private static final long LIMIT = 4 << 20;

  @TempDir Path directory;
  private TestDaemon daemon;

  @BeforeEach
  void requireDaemon() {
    daemon = TestDaemon.shared();
  }

  @Test
  void everyByteComesThrough() throws IOException {
    try (Bench bench = new Bench(directory, daemon.config().build())) {
      // All bytes, and lines longer than any buffer between here and there.
      AttemptSpec spec =
          bench.shell("i=0; while [ $i -lt 40 ]; do cat in; i=$((i+1)); done; head -c 5 in >&2");
      byte[] bytes = new byte[100_000];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (i > 50_000 && i * 31 % 256 == '\n' ? 0 : i * 31);
      }
      // A line that is as long as what the Docker engine takes for one.
      bytes[70_000] = '\n';
      bytes[70_001 + 16_384] = '\n';
      Files.write(spec.workDirectory().resolve("in"), bytes);
      assertThat(bench.run(spec)).isEqualTo(new Outcome.Exited(0));
      byte[] said = Files.readAllBytes(spec.stdout());
      assertThat(said).hasSize(4_000_000);
      for (int i = 0; i < 40; i++) {
        assertThat(java.util.Arrays.copyOfRange(said, i * 100_000, (i + 1) * 100_000))
            .isEqualTo(bytes);
      }
      assertThat(Files.size(spec.stderr())).isEqualTo(5);
    }
  }

  @Test
  void anEndWaitsUntilItsOutputCanBeWritten() throws IOException {
    try (Bench bench = new Bench(directory, daemon.config().build())) {
      AttemptSpec spec =
          bench.launch(bench.shell("while [ ! -e gate ]; do sleep 0.05; done; echo said"));
      bench.awaitStarted(spec);
      Files.delete(spec.stdout());
      Files.createDirectory(spec.stdout());
      bench.openGate(spec);
      String state = "{{.State.Status}}";
      await("the end of the container")
          .atMost(Bench.PATIENCE)
          .until(
              () -> daemon.docker("inspect", "-f", state, bench.container(spec)), "exited"::equals);
      assertThat(bench.hasEnded(spec)).isFalse();
      Files.delete(spec.stdout());
      assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
      assertThat(Bench.text(spec.stdout())).isEqualTo("said\n");
    }
  }

  @Test
  void outputCanBeReadWhileTheProgramRuns() {
    try (Bench bench = new Bench(directory, daemon.config().build())) {
      AttemptSpec spec =
          bench.launch(
              bench.shell(
                  "echo first; echo >&2 wrong; while [ ! -e gate ]; do sleep 0.05; done; echo last"));
      await("what it said")
          .atMost(Bench.PATIENCE)
          .until(() -> Bench.text(spec.stdout()).equals("first\n"));
      await("what it complained")
          .atMost(Bench.PATIENCE)
          .until(() -> Bench.text(spec.stderr()).equals("wrong\n"));
      bench.openGate(spec);
      bench.outcome(spec);
      assertThat(Bench.text(spec.stdout())).isEqualTo("first\nlast\n");
    }
  }

  @Test
  void ofAFloodTheBeginningAndTheEndAreKept() throws IOException {
    try (Bench bench = new Bench(directory, daemon.config().outputLimitBytes(LIMIT).build())) {
      AttemptSpec spec =
          bench.launch(
              bench.shell(
                  "echo the beginning; while [ ! -e gate ]; do sleep 0.05; done;"
                      + " head -c 30000000 /dev/zero | tr '\\0' x; echo; echo the end"));
      await("what it said")
          .atMost(Bench.PATIENCE)
          .until(() -> Files.exists(spec.stdout()) && Files.size(spec.stdout()) > 0);
      bench.openGate(spec);
      assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
      assertThat(Files.size(spec.stdout())).isBetween(LIMIT, 2 * LIMIT);
      String said = Bench.text(spec.stdout());
      assertThat(said).startsWith("the beginning\n").contains("[windlass:").endsWith("\nthe end\n");
    }
  }

  @Test
  @Tag("slow")
  void aGibibyteOfOutputIsBoundedOnDiskAndBlocksNobody() throws IOException {
    try (Bench bench = new Bench(directory, daemon.config().outputLimitBytes(LIMIT).build())) {
      AttemptSpec spec =
          bench.launch(bench.shell("head -c 1073741824 /dev/zero; echo; echo the end"));
      long most = 0;
      long memory = 0;
      bench.awaitStarted(spec);
      while (!bench.hasEnded(spec)) {
        most = Math.max(most, kept(spec));
        memory = Math.max(memory, used());
        await().pollDelay(java.time.Duration.ofMillis(100)).until(() -> true);
      }
      assertThat(bench.outcome(spec)).isEqualTo(new Outcome.Exited(0));
      assertThat(most).as("on disk at most").isLessThan(4 * LIMIT);
      assertThat(memory).as("used by this JVM").isLessThan(512L << 20);
      try (RandomAccessFile file = new RandomAccessFile(spec.stdout().toFile(), "r")) {
        byte[] end = new byte[9];
        file.seek(file.length() - end.length);
        file.readFully(end);
        assertThat(new String(end, StandardCharsets.UTF_8)).isEqualTo("\nthe end\n");
      }
    }
  }

  private static long used() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private long kept(AttemptSpec spec) throws IOException {
    long sum = Files.exists(spec.stdout()) ? Files.size(spec.stdout()) : 0;
    try (Stream<Path> files = Files.walk(daemon.containersDirectory())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        sum += Files.isRegularFile(file) ? size(file) : 0;
      }
    } catch (java.io.UncheckedIOException e) {
      // A file that was rotated away under our eyes.
    }
    return sum;
  }

  private static long size(Path file) {
    return file.toFile().length();
  }
}
