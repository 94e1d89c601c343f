package dev.windlass.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the programs say of themselves. */
final class Ledger {
  private final Path directory;

  Ledger(Path directory) {
    this.directory = directory;
  }

  /** How often each instance began. */
  Map<String, Integer> starts() throws IOException {
    return count("start ");
  }

  /** How often each instance came to its end. */
  Map<String, Integer> ends() throws IOException {
    return count("end ");
  }

  /** Instances of which two ran at once; or the directory of the first was still there. */
  Map<String, Integer> doubles() throws IOException {
    return count("double ");
  }

  /** Says whether an instance has begun and not come to its end. */
  boolean isRunning() throws IOException {
    return !starts().equals(ends());
  }

  /** Each instance that began has come to its end, and neither happened twice. */
  void assertEachOnce() throws IOException {
    assertThat(notOnce(starts())).as("not started exactly once").isEmpty();
    assertThat(notOnce(ends())).as("not run to the end exactly once").isEmpty();
    assertThat(ends().keySet()).as("run to the end").isEqualTo(starts().keySet());
  }

  private static Map<String, Integer> notOnce(Map<String, Integer> counts) {
    Map<String, Integer> odd = new TreeMap<>(counts);
    odd.values().removeIf(count -> count == 1);
    return odd;
  }

  /**
   * Clears away what programs that were ended could not, so that two at once are noticed again.
   * Only while nothing runs.
   */
  void forgetRunning() throws IOException {
    try (DirectoryStream<Path> running = Files.newDirectoryStream(directory, "running.*")) {
      for (Path each : running) {
        Files.delete(each);
      }
    }
  }

  private Map<String, Integer> count(String word) throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    for (String line : lines()) {
      if (line.startsWith(word)) {
        counts.merge(line.substring(word.length()), 1, Integer::sum);
      }
    }
    return counts;
  }

  private List<String> lines() throws IOException {
    Path file = directory.resolve("ledger");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}
