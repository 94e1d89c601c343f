package dev.windlass.executor.local;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.Outcome;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A host that runs out of file descriptors while an attempt ends, and is given them back
 * afterwards. Run as a JVM of its own, with a low limit. Prints the outcome.
 */
final class StarvedHost {

  private StarvedHost() {}

  /** Arguments: root directory, {@code privileged} or {@code bare}. */
  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    loadClasses();
    try (Bench bench = new Bench(root, CrashingHost.config(arguments[1]))) {
      bench.outcome(bench.shell("exit 0"));
      // Directories as signals: to make and to see one takes no descriptor.
      Path go = root.resolve("go");
      AttemptSpec exits = waiting(bench, go, "exit 7");
      AttemptSpec isCancelled = waiting(bench, root.resolve("never"), "exit 8");
      List<AttemptSpec> late = List.of(bench.shell("exit 9"), bench.shell("exit 9"));
      Path launcher = launcherOf(bench, exits);

      List<InputStream> all = takeAll();
      Files.createDirectory(go);
      while (Files.exists(launcher)) {
        Thread.onSpinWait();
      }
      bench.executor().cancel(isCancelled.id(), Duration.ZERO);
      for (AttemptSpec spec : late) {
        // Once this is told, the watcher has looked at the others too, and could not see them.
        bench.outcome(spec);
      }
      for (InputStream one : all) {
        one.close();
      }

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

  private static List<InputStream> takeAll() throws IOException {
    List<InputStream> all = new ArrayList<>();
    while (true) {
      try {
        all.add(new FileInputStream("/dev/null"));
      } catch (FileNotFoundException e) {
        if (all.isEmpty()) {
          throw e;
        }
        return all;
      }
    }
  }

  /**
   * A class that is needed for the first time while there are no descriptors is never found again.
   */
  private static void loadClasses() throws Exception {
    for (String entry : System.getProperty("java.class.path").split(":", -1)) {
      Path place = Path.of(entry);
      if (Files.isDirectory(place)) {
        try (Stream<Path> files = Files.walk(place)) {
          for (Path file : (Iterable<Path>) files.filter(StarvedHost::isClass)::iterator) {
            String name = place.relativize(file).toString().replace('/', '.');
            Class.forName(name.substring(0, name.length() - ".class".length()), false, loader());
          }
        }
      }
    }
  }

  private static boolean isClass(Path file) {
    return file.toString().endsWith(".class") && !file.toString().contains("-info.class");
  }

  private static ClassLoader loader() {
    return StarvedHost.class.getClassLoader();
  }
}
