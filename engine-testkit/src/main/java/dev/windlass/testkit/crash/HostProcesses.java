package dev.windlass.testkit.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * The processes of this host, as far as this user may look at them. Where there is no Linux {@code
 * /proc}, none is found.
 *
 * <p>Zombies are never found, since they have ended. A process that is just being given another
 * program, of which the kernel shows nothing for a moment, is waited for.
 */
public final class HostProcesses {
  private static final Path PROC = Path.of("/proc");

  /** Usually it is far below a millisecond; a program may lie on a file system that hangs. */
  private static final Duration EXEC_LIMIT = Duration.ofSeconds(1);

  private static final Duration EXEC_PAUSE = Duration.ofNanos(50_000);

  /** How a layout ends if there is no environment. */
  private static final String NOWHERE = " 0";

  private HostProcesses() {}

  /**
   * Looks for processes that have a variable in the environment with which they were started.
   *
   * @param name name of the variable
   * @param value its value
   * @return pid and command line of each, in no order
   */
  public static List<String> withVariable(String name, String value) {
    String entry = "\0" + name + "=" + value + "\0";
    return find(process -> ("\0" + environment(process)).contains(entry)).stream()
        .map(HostProcesses::describe)
        .toList();
  }

  /**
   * Looks for processes that carry a text in their command line or in the environment with which
   * they were started.
   *
   * @param mark the text, of ASCII characters
   * @return their pids, in no order
   */
  public static List<Long> marked(String mark) {
    return find(
        process ->
            environment(process).contains(mark) || read(process.resolve("cmdline")).contains(mark));
  }

  /**
   * What to call a process in a message.
   *
   * @param pid its number
   * @return the number and, if it is there still, the command line
   */
  public static String describe(long pid) {
    String line = read(PROC.resolve(pid + "/cmdline")).replace('\0', ' ').strip();
    return pid + " " + line;
  }

  private static List<Long> find(Predicate<Path> wanted) {
    List<Long> found = new ArrayList<>();
    if (!Files.isDirectory(PROC)) {
      return found;
    }
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (wanted.test(process)) {
          found.add(Long.valueOf(process.getFileName().toString()));
        }
      }
    } catch (IOException e) {
      throw new AssertionError("cannot list " + PROC, e);
    }
    return found;
  }

  /**
   * Read again until the memory that it lies in was the same before and afterwards: a process that
   * is given another program has none for a moment, and of one that is just being read the kernel
   * gives only the beginning.
   */
  private static String environment(Path process) {
    long deadline = System.nanoTime() + EXEC_LIMIT.toNanos();
    while (true) {
      String before = layout(process);
      String environment = read(process.resolve("environ"));
      String after = layout(process);
      boolean settled = !environment.isEmpty() || !after.endsWith(NOWHERE) || !hasProgram(process);
      if ((settled && before.equals(after)) || System.nanoTime() - deadline > 0) {
        return environment;
      }
      LockSupport.parkNanos(EXEC_PAUSE.toNanos());
    }
  }

  /**
   * Where a process's program, stack and environment begin in memory, and where the last of these
   * ends: fields 26, 28, 50 and 51 of proc(5), of which the third comes after the name.
   */
  private static String layout(Path process) {
    String line = read(process.resolve("stat"));
    String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
    return fields.length <= 48
        ? ""
        : String.join(" ", fields[23], fields[25], fields[47], fields[48]);
  }

  /** Kernel threads have none, nor has what is about to end, or is somebody else's. */
  private static boolean hasProgram(Path process) {
    try {
      Files.readSymbolicLink(process.resolve("exe"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** One character for each byte; empty if the process has just ended or is somebody else's. */
  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
