package dev.windlass.executor.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Files in which shells inside a node write down what happens. Each is a line that has its full
 * length before it is written, so that a full disk cannot cut it.
 */
final class Records {

  private Records() {}

  /**
   * Makes one that says nothing, for all to write.
   *
   * @param bytes its length; 0 for a file that grows
   */
  static void create(Path file, int bytes) throws IOException {
    Files.writeString(file, bytes == 0 ? "" : " ".repeat(bytes - 1) + "\n");
    Permissions.openToAll(file);
  }

  /** What one says; empty if it is not there, was not written or is not whole. */
  static Optional<String> whole(Path file, int bytes) {
    return text(file)
        .filter(text -> text.length() == bytes && text.endsWith("\n"))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  /** Everything that is in a file; empty if it is not there. */
  static Optional<String> text(Path file) {
    try {
      return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
