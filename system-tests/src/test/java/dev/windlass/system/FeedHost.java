package dev.windlass.system;

import dev.windlass.Engine;
import dev.windlass.core.EngineBuilder;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventListener;
import dev.windlass.executor.FunctionExecutor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.TaskDescription;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A host that submits jobs one after another and follows the feed twice: with a position of its
 * own, which is the last line of the file {@code own}, and as a consumer of the engine, noted in
 * the file {@code kept}. A line is a position. Prints {@code open} once it follows.
 */
final class FeedHost {
  private FeedHost() {}

  /** Arguments: a directory, how many jobs. */
  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    try (Engine engine = open(directory)) {
      Path own = directory.resolve("own");
      engine.subscribe(EventFilter.all(), last(own), noting(own));
      engine.subscribe("audit", EventFilter.all(), noting(directory.resolve("kept")));
      System.out.println("open");
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        engine.await(
            engine.submit(
                JobDescription.builder("job")
                    .task("only", TaskDescription.builder(Command.of("quick")).instances(5).build())
                    .build()));
      }
    }
    System.out.println("closed");
  }

  static Engine open(Path directory) {
    return EngineBuilder.at(directory.resolve("engine"))
        .executor(FunctionExecutor.builder("functions").function("quick", run -> 0).build())
        .open();
  }

  static List<Long> positions(Path file) throws IOException {
    return Files.exists(file)
        ? Files.readAllLines(file).stream().map(Long::valueOf).toList()
        : List.of();
  }

  private static long last(Path file) throws IOException {
    List<Long> positions = positions(file);
    return positions.isEmpty() ? 0 : positions.get(positions.size() - 1);
  }

  /** One write for each line: a kill leaves it whole or not there. */
  private static EventListener noting(Path file) throws IOException {
    OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return recorded -> {
      try {
        out.write((recorded.position() + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}
