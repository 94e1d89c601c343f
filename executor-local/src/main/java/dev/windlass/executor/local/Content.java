package dev.windlass.executor.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is in a record, or in a file of the kernel.
 *
 * <p>That a file is not there proves something: that a process has ended, that nothing was written.
 * That it cannot be read proves nothing, and happens on a host that is out of file descriptors and
 * with a disk that fails; so it is thrown, and asked again later.
 */
final class Content {

  private Content() {}

  /**
   * Reads a file.
   *
   * @return its bytes; empty if it is not there
   * @throws UncheckedIOException if it is there and cannot be read
   */
  static Optional<byte[]> bytes(Path file) {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      // The kernel takes files away from under who reads them, with errors of many kinds.
      if (Files.notExists(file)) {
        return Optional.empty();
      }
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a file as text.
   *
   * @return the text without the blanks around it; nothing if the file is not there
   * @throws UncheckedIOException if it is there and cannot be read
   */
  static String text(Path file) {
    return bytes(file).map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip()).orElse("");
  }
}
