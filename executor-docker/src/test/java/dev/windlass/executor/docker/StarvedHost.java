package dev.windlass.executor.docker;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorException;
import dev.windlass.testkit.crash.FileDescriptors;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A host that runs out of file descriptors while a container ends, and is given them back
 * afterwards. Run as a JVM of its own, with a low limit. Prints the outcomes.
 */
final class StarvedHost {

  private StarvedHost() {}

  /** Arguments: where the Docker engine listens, and a directory. */
  public static void main(String[] arguments) throws Exception {
    FileDescriptors.loadClasses();
    PrintStream out = System.out;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    DockerExecutorConfig config =
        DockerExecutorConfig.builder().host(arguments[0]).defaultImage(TestDaemon.IMAGE).build();
    try (Bench bench = new Bench(Path.of(arguments[1]), config)) {
      bench.run(bench.shell("exit 0"));
      AttemptSpec ends = bench.shell("while [ ! -d gate ]; do sleep 0.05; done; exit 7");
      AttemptSpec isCancelled = bench.shell("while :; do sleep 1; done");
      AttemptSpec late = bench.shell("exit 8");
      for (AttemptSpec spec : List.of(ends, isCancelled)) {
        bench.launch(spec);
        bench.awaitStarted(spec);
      }

      String refusal =
          FileDescriptors.withNone(
              () -> {
                String told = refusal(bench, late);
                Files.createDirectory(ends.workDirectory().resolve("gate"));
                bench.executor().cancel(isCancelled.id(), Duration.ZERO);
                await(log, "cannot be written down");
                await(log, "asking again");
                return told;
              });

      out.println(
          String.join(
              " ",
              refusal,
              bench.outcome(ends).toString(),
              bench.outcome(isCancelled).toString(),
              bench.run(late).toString()));
    } finally {
      System.err.println(log.toString(StandardCharsets.UTF_8));
    }
  }

  private static void await(ByteArrayOutputStream log, String text) {
    while (!log.toString(StandardCharsets.UTF_8).contains(text)) {
      Thread.onSpinWait();
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
}
