package dev.windlass.testkit.executor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The processes of this host that carry a mark in their environment or command line, zombies
 * excepted: those have ended. Where there is no Linux {@code /proc}, none is found.
 */
final class Processes {

  private static final Path PROC = Path.of("/proc");

  private Processes() {}

  static List<Long> marked(String mark) {
    if (!Files.isDirectory(PROC)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(PROC)) {
      return entries
          .filter(entry -> entry.getFileName().toString().chars().allMatch(Character::isDigit))
          .filter(entry -> carries(entry, "environ", mark) || carries(entry, "cmdline", mark))
          .map(entry -> Long.valueOf(entry.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw new AssertionError("cannot list " + PROC, e);
    }
  }

  /** What has just ended, or is somebody else's, cannot be read, and a zombie's are empty. */
  private static boolean carries(Path process, String file, String mark) {
    try {
      // One character for each byte, so that nothing is lost or refused in decoding.
      byte[] content = Files.readAllBytes(process.resolve(file));
      return new String(content, StandardCharsets.ISO_8859_1).contains(mark);
    } catch (IOException e) {
      return false;
    }
  }

  static String describe(long pid) {
    try {
      String line = Files.readString(PROC.resolve(pid + "/cmdline"), StandardCharsets.ISO_8859_1);
      return pid + " (" + line.replace('\0', ' ').strip() + ")";
    } catch (IOException e) {
      return Long.toString(pid);
    }
  }

  static void kill(long pid) {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }
}
