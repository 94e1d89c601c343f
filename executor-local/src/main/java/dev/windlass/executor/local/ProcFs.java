package dev.windlass.executor.local;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
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
  private static final String ENVIRONMENT = "environ";

  /** Usually it is far below a millisecond; a program may lie on a file system that hangs. */
  private static final Duration EXEC_LIMIT = Duration.ofMillis(100);

  private static final Duration EXEC_PAUSE = Duration.ofNanos(50_000);

  /** An environment that has vanished while it was read looks empty once, and seldom twice. */
  private static final int SETTLED_LOOKS = 5;

  private static final int AT_ONCE = 1 << 17;

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
    // The name in it may hold any byte, so no decoding that can fail.
    return Content.bytes(PROC.resolve(Long.toString(pid)).resolve("stat"))
        .flatMap(bytes -> parseStat(new String(bytes, StandardCharsets.ISO_8859_1)));
  }

  /** Reads one line of stat; the process's name may hold blanks and parentheses itself. */
  static Optional<Stat> parseStat(String line) {
    int nameEnd = line.lastIndexOf(')');
    int nameStart = line.indexOf('(');
    if (nameStart < 1 || nameEnd < nameStart) {
      return Optional.empty();
    }
    // The first of these is field 3 of the manual page.
    String[] fields = line.substring(nameEnd + 1).strip().split(" ", -1);
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
   * <p>While a process is being given another program, the kernel shows neither environment nor
   * command line of it for a moment, which on a busy host is long enough for several looks. So long
   * it is waited for, within a limit.
   *
   * @return {@code NAME=value} strings, each between two NUL characters; empty if it may not be
   *     read
   */
  static String environment(long pid) {
    Path process = PROC.resolve(Long.toString(pid));
    long deadline = System.nanoTime() + EXEC_LIMIT.toNanos();
    try {
      byte[] bytes = readAtOnce(process.resolve(ENVIRONMENT));
      for (int settled = 0;
          bytes.length == 0 && settled < SETTLED_LOOKS && System.nanoTime() - deadline < 0; ) {
        settled = isBetweenPrograms(process) ? 0 : settled + 1;
        LockSupport.parkNanos(EXEC_PAUSE.toNanos());
        bytes = readAtOnce(process.resolve(ENVIRONMENT));
      }
      return '\0' + new String(bytes, StandardCharsets.ISO_8859_1) + '\0';
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Reads in one call what fits into it: of a process that is given another program in between, the
   * kernel would give the beginning of the old environment and say that this was all.
   */
  private static byte[] readAtOnce(Path file) throws IOException {
    try (InputStream input = new BufferedInputStream(new FileInputStream(file.toFile()), AT_ONCE)) {
      return input.readAllBytes();
    }
  }

  /** Kernel threads have no command line either, but no program, nor has what is about to end. */
  private static boolean isBetweenPrograms(Path process) throws IOException {
    Files.readSymbolicLink(process.resolve("exe"));
    return Files.readAllBytes(process.resolve("cmdline")).length == 0;
  }
}
