package dev.windlass.system;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The windlass command in a JVM of its own, as its launcher starts it, with the classes of this
 * build.
 */
final class WindlassCommand {

  private static final long SIGINT_BIT = 1L << (2 - 1);

  private final Path directory;
  private final Map<String, String> variables;

  /**
   * A command.
   *
   * @param directory where it is called, and where its outputs go
   */
  WindlassCommand(Path directory) {
    this(directory, Map.of());
  }

  /** The same with environment variables besides those of this JVM. */
  WindlassCommand(Path directory, Map<String, String> variables) {
    this.directory = directory;
    this.variables = variables;
  }

  /** What a call has left behind. */
  record Result(int exitCode, String out, String err) {
    /** Standard output as the one JSON object that it must be. */
    JsonNode json() {
      try {
        return JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readTree(out);
      } catch (IOException e) {
        throw new AssertionError("not one JSON object: " + out, e);
      }
    }
  }

  /** A call under way. */
  record Call(Process process, Path out, Path err) {
    /** Does what Ctrl-C does. */
    void interrupt() {
      // Whoever starts a build in the background may make us ignore Ctrl-C; SIGTERM counts the
      // same.
      String signal = isInterruptIgnored() ? "TERM" : "INT";
      try {
        new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + process.pid())
            .start()
            .waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    String errSoFar() {
      return text(err);
    }

    Result result() {
      try {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("does not end; out: " + text(out) + " err: " + text(err));
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        throw new AssertionError(e);
      }
      return new Result(process.exitValue(), text(out), text(err));
    }

    private static String text(Path file) {
      try {
        return Files.readString(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  Result run(String... arguments) {
    return start(arguments).result();
  }

  Call start(String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    words.add("--enable-native-access=ALL-UNNAMED");
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.add("dev.windlass.cli.Main");
    words.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile(directory, "call", ".out");
      Path err = Files.createTempFile(directory, "call", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(directory.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().remove("WINDLASS_HOME");
      builder.environment().putAll(variables);
      return new Call(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isInterruptIgnored() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("SigIgn:"))
          .map(line -> line.substring("SigIgn:".length()).trim())
          .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & SIGINT_BIT) != 0);
    } catch (IOException e) {
      return false;
    }
  }
}
