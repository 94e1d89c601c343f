package dev.windlass.executor.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * What the kernel says about processes, read from {@code /proc}.
 *
 * <p>A process that vanishes while it is looked at, or that may not be looked at, is no error: it
 * is not there. Where the host is too short of something to look at all, {@link
 * UncheckedIOException} is thrown.
 */
final class ProcFs {

  private static final Path PROC = Path.of("/proc");
  private static final Path BOOT_ID = PROC.resolve("sys/kernel/random/boot_id");

  /** Usually it is far below a millisecond; a program may lie on a file system that hangs. */
  private static final Duration EXEC_LIMIT = Duration.ofMillis(250);

  private static final Duration EXEC_PAUSE = Duration.ofNanos(50_000);

  /** How a layout ends if there is no environment. */
  private static final String NOWHERE = " 0";

  private ProcFs() {}

  /**
   * Some fields of {@code /proc/pid/stat}; see proc(5).
   *
   * @param pid process id
   * @param state one letter
   * @param session session id
   * @param threads number of threads
   * @param startTicks start time after boot, in clock ticks
   */
  record Stat(long pid, char state, long session, long threads, long startTicks) {
    /**
     * Says whether it runs. A zombie does not, unless only its first thread has ended.
     *
     * @return false for the dead
     */
    boolean isAlive() {
      return state != 'X' && state != 'x' && (state != 'Z' || threads > 1);
    }
  }

  /** Identifies the present uptime of the kernel; another value means that no process survived. */
  static String bootId() {
    String id = Content.text(BOOT_ID);
    if (id.isEmpty()) {
      throw new IllegalStateException("the kernel tells no boot id in " + BOOT_ID);
    }
    return id;
  }

  static Optional<Stat> stat(long pid) {
    return statLine(pid).flatMap(ProcFs::parseStat);
  }

  private static Optional<String> statLine(long pid) {
    // The name in it may hold any byte, so no decoding that can fail.
    return Content.bytes(PROC.resolve(Long.toString(pid)).resolve("stat"))
        .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /** From field 3 on, which comes after the name. */
  private static String[] fieldsOf(String line) {
    return line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
  }

  /** Reads one line of stat; the process's name may hold blanks and parentheses itself. */
  static Optional<Stat> parseStat(String line) {
    int nameEnd = line.lastIndexOf(')');
    int nameStart = line.indexOf('(');
    if (nameStart < 1 || nameEnd < nameStart) {
      return Optional.empty();
    }
    String[] fields = fieldsOf(line);
    if (fields.length < 20) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Stat(
              Long.parseLong(line.substring(0, nameStart).strip()),
              fields[0].charAt(0),
              Long.parseLong(fields[3]),
              Long.parseLong(fields[17]),
              Long.parseLong(fields[19])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** All processes that run, zombies left out. */
  static List<Stat> all() {
    List<Stat> all = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        stat(Long.parseLong(entry.getFileName().toString()))
            .filter(Stat::isAlive)
            .ifPresent(all::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the processes of this host cannot be listed", e);
    }
    return all;
  }

  /**
   * The environment with which a process was started.
   *
   * <p>While a process is being given another program, the kernel shows no environment of it for a
   * moment, which on a busy host is long enough for several looks; and of an environment that is
   * just being read it gives only the beginning then. So it is read again, within a limit, until
   * the memory that it lies in was the same before and afterwards.
   *
   * @return {@code NAME=value} strings, each between two NUL characters; empty if it may not be
   *     read
   */
  static String environment(long pid) {
    Path process = PROC.resolve(Long.toString(pid));
    long deadline = System.nanoTime() + EXEC_LIMIT.toNanos();
    try {
      while (true) {
        String before = layout(pid);
        byte[] bytes = Files.readAllBytes(process.resolve("environ"));
        String after = layout(pid);
        boolean settled = bytes.length > 0 || !after.endsWith(NOWHERE) || !hasProgram(process);
        if ((settled && before.equals(after)) || System.nanoTime() - deadline > 0) {
          return '\0' + new String(bytes, StandardCharsets.ISO_8859_1) + '\0';
        }
        LockSupport.parkNanos(EXEC_PAUSE.toNanos());
      }
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Where a process's program, stack and environment begin in memory, and where the last of these
   * ends: fields 26, 28, 50 and 51 of proc(5). Differs from program to program.
   */
  private static String layout(long pid) {
    String[] fields = statLine(pid).map(ProcFs::fieldsOf).orElse(new String[0]);
    return fields.length <= 48
        ? ""
        : String.join(" ", fields[23], fields[25], fields[47], fields[48]);
  }

  /** Kernel threads have none, nor has what is about to end. */
  private static boolean hasProgram(Path process) {
    try {
      Files.readSymbolicLink(process.resolve("exe"));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
