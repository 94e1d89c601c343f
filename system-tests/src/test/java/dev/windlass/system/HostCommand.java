package dev.windlass.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;

/** Commands of this host that bring faults about. */
final class HostCommand {
  private HostCommand() {}

  /** Runs a command; false if it is not there or does not succeed. */
  static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** A file system in memory over a directory. The test is skipped where that is not allowed. */
  static AutoCloseable mountOver(Path directory, String options) throws InterruptedException {
    assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString()),
        "a file system of its own needs the right to mount");
    return () -> {
      if (!succeeds("umount", directory.toString())) {
        throw new IllegalStateException(directory + " cannot be unmounted");
      }
    };
  }
}
