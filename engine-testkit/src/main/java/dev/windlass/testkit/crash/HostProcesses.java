package dev.windlass.testkit.crash;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
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
  private static final Duration EXEC_LIMIT = Duration.ofMillis(100);

  private static final Duration EXEC_PAUSE = Duration.ofNanos(50_000);

  /** An environment that has vanished while it was read looks empty once, and seldom twice. */
  private static final int SETTLED_LOOKS = 5;

  private static final int AT_ONCE = 1 << 17;

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

  private static String environment(Path process) {
    long deadline = System.nanoTime() + EXEC_LIMIT.toNanos();
    String environment = read(process.resolve("environ"));
    for (int settled = 0;
        environment.isEmpty()
            && hasProgram(process)
            && settled < SETTLED_LOOKS
            && System.nanoTime() - deadline < 0; ) {
      settled = read(process.resolve("cmdline")).isEmpty() ? 0 : settled + 1;
      LockSupport.parkNanos(EXEC_PAUSE.toNanos());
      environment = read(process.resolve("environ"));
    }
    return environment;
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

  /**
   * Reads in one call, since the kernel says in the middle of an environment that this was all when
   * the process has been given another program. One character for each byte; empty if the process
   * has just ended or is somebody else's.
   */
  private static String read(Path file) {
    try (InputStream input = new BufferedInputStream(new FileInputStream(file.toFile()), AT_ONCE)) {
      return new String(input.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
