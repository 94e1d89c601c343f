package dev.windlass.testkit.executor;

import static org.awaitility.Awaitility.await;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorException;
import dev.windlass.job.AttemptId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One attempt of a test: its specification, what its program wrote, and what was asked of it. */
final class Attempt {

  /** The program's own count of how often it was started: a line for each. */
  static final String LEDGER = "ledger";

  /** The file for which a program waits that is told to. */
  static final String GATE = "gate";

  private final AttemptSpec spec;
  private final Duration patience;
  private volatile boolean launched;
  private volatile Optional<ExecutorException> refusal = Optional.empty();

  Attempt(AttemptSpec spec, Duration patience) {
    this.spec = spec;
    this.patience = patience;
  }

  AttemptSpec spec() {
    return spec;
  }

  AttemptId id() {
    return spec.id();
  }

  void noteLaunched() {
    launched = true;
  }

  void noteRefused(ExecutorException thrown) {
    refusal = Optional.of(thrown);
  }

  boolean isLaunched() {
    return launched && refusal.isEmpty();
  }

  Optional<ExecutorException> refusal() {
    return refusal;
  }

  int starts() {
    return lines(LEDGER);
  }

  int lines(String file) {
    return (int) text(file).lines().count();
  }

  /** The content of a file in the working directory; empty if there is none. */
  String text(String file) {
    return read(spec.workDirectory().resolve(file));
  }

  /** A file of NUL-terminated texts. */
  List<String> texts(String file) {
    String content = text(file);
    return content.isEmpty()
        ? List.of()
        : List.of(content.split("\0", -1)).subList(0, count(content));
  }

  private static int count(String content) {
    return (int) content.chars().filter(c -> c == 0).count();
  }

  String stdout() {
    return read(spec.stdout());
  }

  String stderr() {
    return read(spec.stderr());
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void openGate() {
    write(GATE, "open");
  }

  void write(String file, String content) {
    try {
      Files.createDirectories(spec.workDirectory());
      Files.writeString(spec.workDirectory().resolve(file), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitStart() {
    awaitLines(LEDGER, 1);
  }

  void awaitLines(String file, int count) {
    await(id() + " to write '" + file + "'")
        .pollInterval(Duration.ofMillis(2))
        .atMost(patience)
        .until(() -> lines(file) >= count);
  }

  @Override
  public String toString() {
    return id().toString();
  }
}
