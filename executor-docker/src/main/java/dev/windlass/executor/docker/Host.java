package dev.windlass.executor.docker;

import dev.windlass.job.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** What we ask of the host of this JVM. */
final class Host {

  private Host() {}

  /**
   * Changes with every boot; constant where the system has no such thing.
   *
   * @throws UncheckedIOException if it cannot be read now, as without file descriptors: that is not
   *     another boot
   */
  static String bootId() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (NoSuchFileException e) {
      return "unknown";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The size of the file store that the JVM works in, and not what is free there: that changes, and
   * an executor's capacity does not.
   */
  static long diskTotal() {
    try {
      long total = Files.getFileStore(Path.of("").toAbsolutePath()).getTotalSpace();
      return Math.max(0, Math.min(total, Resources.MAX_DISK_BYTES));
    } catch (IOException e) {
      return 0;
    }
  }

  /** User and group of this JVM as {@code uid:gid}, where the system has such things. */
  static Optional<String> user() {
    try {
      Path self = Path.of("/proc/self");
      return Optional.of(
          Files.getAttribute(self, "unix:uid") + ":" + Files.getAttribute(self, "unix:gid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
