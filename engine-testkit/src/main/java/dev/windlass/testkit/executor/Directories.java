package dev.windlass.testkit.executor;

import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The rig's directories. A failure here is none of the executor's. */
final class Directories {

  private Directories() {}

  static Path temporary() {
    try {
      return Files.createTempDirectory("windlass-contract").toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path make(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path makePrivate(Path path) {
    try {
      return Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every path below a directory, relative to it. */
  static List<String> list(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.map(path -> directory.relativize(path).toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of the files below a directory those that hold a text, relative to it. */
  static List<String> holding(Path directory, String text) {
    return list(directory).stream()
        .filter(path -> holds(directory.resolve(path), text.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  private static boolean holds(Path file, byte[] bytes) {
    try {
      return Files.isRegularFile(file) && Bytes.indexOf(Files.readAllBytes(file), bytes) >= 0;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path root) {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
