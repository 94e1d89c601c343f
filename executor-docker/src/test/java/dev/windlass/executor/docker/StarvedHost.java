package dev.windlass.executor.docker;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorException;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A host that runs out of file descriptors while a container ends, and is given them back
 * afterwards. Run as a JVM of its own, with a low limit. Prints the outcomes.
 */
final class StarvedHost {

  private StarvedHost() {}

  /** Arguments: where the Docker engine listens, and a directory. */
  public static void main(String[] arguments) throws Exception {
    loadClasses();
    PrintStream out = System.out;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    DockerExecutorConfig config =
        DockerExecutorConfig.builder().host(arguments[0]).defaultImage(TestDaemon.IMAGE).build();
    try (Bench bench = new Bench(Path.of(arguments[1]), config)) {
      bench.run(bench.shell("exit 0"));
      AttemptSpec ends = bench.shell("while [ ! -d gate ]; do sleep 0.05; done; exit 7");
      AttemptSpec late = bench.shell("exit 8");
      bench.launch(ends);
      bench.awaitStarted(ends);

      List<InputStream> all = takeAll();
      String refusal = refusal(bench, late);
      // To make a directory takes no descriptor.
      Files.createDirectory(ends.workDirectory().resolve("gate"));
      while (!log.toString(StandardCharsets.UTF_8).contains("asking again")) {
        Thread.onSpinWait();
      }
      for (InputStream one : all) {
        one.close();
      }

      out.println(refusal + " " + bench.outcome(ends) + " " + bench.run(late));
    } finally {
      System.err.println(log.toString(StandardCharsets.UTF_8));
    }
  }

  private static String refusal(Bench bench, AttemptSpec spec) {
    try {
      bench.executor().launch(spec);
      return "launched";
    } catch (ExecutorException e) {
      return e.code().isRetryable() ? "refused for now" : "refused";
    }
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
