package dev.windlass.testkit.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes of this host, as far as this user may look at them. Needs Linux. */
public final class HostProcesses {
  private static final Path PROC = Path.of("/proc");

  private HostProcesses() {}

  /**
   * Looks for processes that have a variable in the environment with which they were started.
   * Zombies have none; they have ended.
   *
   * @param name name of the variable
   * @param value its value
   * @return pid and command line of each, in no order
   */
  public static List<String> withVariable(String name, String value) {
    List<String> found = new ArrayList<>();
    String entry = "\0" + name + "=" + value + "\0";
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (("\0" + read(process.resolve("environ"))).contains(entry)) {
          String line = read(process.resolve("cmdline")).replace('\0', ' ').strip();
          found.add(process.getFileName() + " " + line);
        }
      }
    } catch (IOException e) {
      throw new AssertionError("cannot list " + PROC, e);
    }
    return found;
  }

  /** One character for each byte; empty if the process has just ended or is somebody else's. */
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
