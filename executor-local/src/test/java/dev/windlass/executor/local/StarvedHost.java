package dev.windlass.executor.local;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.Outcome;
import dev.windlass.testkit.crash.FileDescriptors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A host that runs out of file descriptors while an attempt ends, and is given them back
 * afterwards. Run as a JVM of its own, with a low limit. Prints the outcomes.
 */
final class StarvedHost {

  private StarvedHost() {}

  /** Arguments: root directory, {@code privileged} or {@code bare}. */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    FileDescriptors.loadClasses();
    try (Bench bench = new Bench(root, CrashingHost.config(arguments[1]))) {
      bench.outcome(bench.shell("exit 0"));
      // Directories as signals: to make and to see one takes no descriptor.
      Path go = root.resolve("go");
      AttemptSpec exits = waiting(bench, go, "exit 7");
      AttemptSpec isCancelled = waiting(bench, root.resolve("never"), "exit 8");
      List<AttemptSpec> late = List.of(bench.shell("exit 9"), bench.shell("exit 9"));
      Path launcher = launcherOf(bench, exits);

      FileDescriptors.withNone(
          () -> {
            Files.createDirectory(go);
            while (Files.exists(launcher)) {
              Thread.onSpinWait();
            }
            bench.executor().cancel(isCancelled.id(), Duration.ZERO);
            // Once these are told, the watcher has looked at the others too, and could not see
            // them.
            return late.stream().map(bench::outcome).toList();
          });

      System.out.println(outcomes(bench, exits, isCancelled));
    }
  }

  private static List<Outcome> outcomes(Bench bench, AttemptSpec... specs) {
    return Stream.of(specs).map(spec -> bench.awaitEnd(spec.id()).outcome()).toList();
  }

  /** Waits no longer than there is a directory in which it could be told to go on. */
  private static AttemptSpec waiting(Bench bench, Path go, String end) {
    String goOn = "[ ! -d " + go.getParent() + " ] || [ -d " + go + " ]";
    AttemptSpec spec = bench.shell("until " + goOn + "; do sleep 0.02; done; " + end);
    bench.executor().launch(spec);
    bench.awaitStart(spec.id());
    return spec;
  }

  private static Path launcherOf(Bench bench, AttemptSpec spec) {
    Evidence evidence = new Evidence(bench.directory().resolve("attempts"), spec.id());
    return Path.of("/proc", Long.toString(evidence.launcher().orElseThrow().pid()));
  }
}
