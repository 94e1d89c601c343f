package dev.windlass.testkit.crash;

import java.io.IOException;
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
