package dev.windlass.executor.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.Outcome;
import dev.windlass.testkit.crash.ChildJvm;
import dev.windlass.testkit.crash.FileDescriptors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the host is short of costs no outcome, and is told apart from what the program did. */
@Tag("slow")
@Timeout(120)
class ShortageTest {

  /** No process of this host belongs to this user, so that a limit on their number is exact. */
  private static final String NOBODY_ELSE = "48211";

  @TempDir Path root;

  @Test
  void aProcessThatCannotForkHasNotBegunAndMayBeTriedAgain() throws Exception {
    List<String> limited =
        List.of("setpriv", "--reuid=" + NOBODY_ELSE, "--clear-groups", "prlimit", "--nproc=1");
    assumeTrue(succeeds(with(limited, "true")), "limits on processes need root, setpriv, prlimit");
    Evidence evidence = evidence();
    Path script = root.resolve("launch.sh");
    Files.copy(Launcher.class.getResourceAsStream("launch.sh"), script);
    everybodyMayUse(root);
    everybodyMayUse(evidence.directory());

    int status =
        new ProcessBuilder(
                with(
                    limited,
                    "sh",
                    script.toString(),
                    evidence.directory().toString(),
                    "/usr/bin/setsid",
                    "/bin/sh"))
            .start()
            .waitFor();

    assertThat(evidence.isClaimed()).as("the launcher itself came to its work").isTrue();
    assertThat(status).isNotEqualTo(125);
    assertThat(Verdict.outcome(evidence, Optional.empty(), false))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> {
              assertThat(refused.retryable()).as(refused.reason()).isTrue();
              assertThat(refused.reason()).containsIgnoringCase("fork");
            });
  }

  private Evidence evidence() throws IOException {
    Path attempts = Files.createDirectories(root.resolve("evidence"));
    Evidence evidence = new Evidence(attempts, Bench.id(1));
    assertThat(evidence.create()).isTrue();
    return evidence;
  }

  private static void everybodyMayUse(Path directory) throws Exception {
    assertThat(succeeds(List.of("chmod", "-R", "a+rwX", directory.toString()))).isTrue();
    for (Path above = directory; above != null; above = above.getParent()) {
      assumeTrue(
          succeeds(
              List.of(
                  "setpriv",
                  "--reuid=" + NOBODY_ELSE,
                  "--clear-groups",
                  "test",
                  "-x",
                  above.toString())),
          "the temporary directory is closed to others");
    }
  }

  @Test
  void aFullDiskCostsNoExitCodeAndStartsNothingHalf() throws Exception {
    Path small = Files.createDirectory(root.resolve("small"));
    assumeTrue(
        succeeds(List.of("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString())),
        "a small file system needs the right to mount");
    try (Bench bench = Bench.unprivileged(small)) {
      AttemptSpec exits = waiting(bench, "exit 7");
      AttemptSpec dies = waiting(bench, "kill -SEGV $$");
      Path filler = small.resolve("filler");
      fill(filler);

      AttemptSpec late = bench.shell("echo run >>" + root.resolve("ledger"));
      Outcome refused = bench.outcome(late);
      Files.createFile(root.resolve("go"));

      assertThat(bench.awaitEnd(exits.id()).outcome()).isEqualTo(new Outcome.Exited(7));
      assertThat(bench.awaitEnd(dies.id()).outcome()).isEqualTo(new Outcome.Signalled(11));
      assertThat(refused)
          .isInstanceOfSatisfying(
              Outcome.Refused.class, outcome -> assertThat(outcome.retryable()).isTrue());
      assertThat(root.resolve("ledger")).doesNotExist();

      Files.delete(filler);
      assertThat(bench.outcome(bench.shell("exit 0"))).isEqualTo(new Outcome.Exited(0));
    } finally {
      assertThat(succeeds(List.of("umount", small.toString()))).isTrue();
    }
  }

  private AttemptSpec waiting(Bench bench, String end) {
    AttemptSpec spec =
        bench.shell("while [ ! -e " + root.resolve("go") + " ]; do sleep 0.02; done; " + end);
    bench.executor().launch(spec);
    bench.awaitStart(spec.id());
    return spec;
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[512];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(Files.size(file)).isPositive();
    }
  }

  /** What cannot be read now is no evidence that there is none. */
  @ParameterizedTest
  @ValueSource(strings = {"privileged", "bare"})
  void aHostWithoutFileDescriptorsCostsNoOutcome(String kind) throws Exception {
    Path directory = Files.createDirectories(root.resolve("host"));
    try (ChildJvm host =
        ChildJvm.start(
            FileDescriptors.limitedTo(200), StarvedHost.class, directory.toString(), kind)) {
      assertThat(host.line())
          .isEqualTo(List.of(new Outcome.Exited(7), new Outcome.Cancelled()).toString());
    }
  }

  /** "Text file busy": another thread forks while the script is being written. */
  @Test
  void aProgramThatWasJustWrittenStartsOnABusyHost() throws Exception {
    int threads = 8;
    ExecutorService crowd = Executors.newFixedThreadPool(threads);
    try (Bench bench = Bench.unprivileged(root)) {
      List<Future<List<AttemptSpec>>> launches = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        launches.add(crowd.submit(() -> launchScripts(bench, 150)));
      }
      for (Future<List<AttemptSpec>> launched : launches) {
        for (AttemptSpec spec : launched.get()) {
          assertThat(bench.awaitEnd(spec.id()).outcome()).isEqualTo(new Outcome.Exited(0));
        }
      }
    } finally {
      crowd.shutdownNow();
    }
  }

  private static List<AttemptSpec> launchScripts(Bench bench, int count) throws IOException {
    List<AttemptSpec> specs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      AttemptSpec spec;
      synchronized (bench) {
        spec = bench.spec("./script");
      }
      Path script = spec.workDirectory().resolve("script");
      Files.writeString(script, "#!/bin/sh\nexit 0\n");
      assertThat(script.toFile().setExecutable(true)).isTrue();
      bench.executor().launch(spec);
      specs.add(spec);
      // Not all at once: the host has two processors, not a thousand.
      AttemptReport.Ended ended = bench.awaitEnd(spec.id());
      assertThat(ended.outcome()).as("%s", spec.id()).isEqualTo(new Outcome.Exited(0));
    }
    return specs;
  }

  private static List<String> with(List<String> wrapper, String... command) {
    List<String> all = new ArrayList<>(wrapper);
    all.addAll(List.of(command));
    return all;
  }

  private static boolean succeeds(List<String> command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
