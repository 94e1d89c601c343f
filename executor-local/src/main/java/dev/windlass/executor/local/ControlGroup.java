package dev.windlass.executor.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control groups of one attempt: one directory for each hierarchy in use.
 *
 * <p>Which kind each is shows by the files the kernel puts there, so that a group can be found
 * again after a restart from nothing but its paths. The first path is the one by which its
 * processes are counted and killed.
 */
final class ControlGroup {

  private static final Logger LOG = LoggerFactory.getLogger(ControlGroup.class);

  private final List<Path> paths;

  ControlGroup(List<Path> paths) {
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("a control group has at least one path");
    }
    this.paths = List.copyOf(paths);
  }

  /** Reads what {@link #toString} wrote. */
  static Optional<ControlGroup> parse(String text) {
    List<Path> paths = text.lines().filter(line -> !line.isBlank()).map(Path::of).toList();
    return paths.isEmpty() ? Optional.empty() : Optional.of(new ControlGroup(paths));
  }

  List<Path> paths() {
    return paths;
  }

  /** One path on each line. */
  @Override
  public String toString() {
    return String.join("\n", paths.stream().map(Path::toString).toList());
  }

  /** The processes in it and in groups that they made below it, the dead left out. */
  List<ProcFs.Stat> members() {
    Set<Long> pids = new LinkedHashSet<>();
    collect(paths.get(0), pids);
    List<ProcFs.Stat> members = new ArrayList<>();
    pids.forEach(pid -> ProcFs.stat(pid).filter(ProcFs.Stat::isAlive).ifPresent(members::add));
    return members;
  }

  boolean isEmpty() {
    return members().isEmpty();
  }

  /** Kills everything in it, however fast it forks. Returns before the last of it is gone. */
  void kill() {
    Path group = paths.get(0);
    // cgroup.kill: Linux 5.14; cgroup.freeze: 5.2; freezer.state: version 1.
    if (!write(group.resolve("cgroup.kill"), "1")) {
      freeze(group, true);
      try {
        awaitFrozen(group);
        members().forEach(member -> ProcessIdentity.signal(member, true));
      } finally {
        freeze(group, false);
      }
    }
  }

  /** How many processes the kernel has killed in it for lack of memory. */
  long oomKills() {
    for (Path path : paths) {
      for (String file : List.of("memory.events", "memory.oom_control")) {
        OptionalLong count = keyed(path.resolve(file), "oom_kill");
        if (count.isPresent()) {
          return count.getAsLong();
        }
      }
    }
    return 0;
  }

  /** The limit that was set, for messages. */
  OptionalLong memoryLimit() {
    return first("memory.max", "memory.limit_in_bytes");
  }

  OptionalLong peakMemoryBytes() {
    return first("memory.peak", "memory.max_usage_in_bytes");
  }

  Optional<Duration> cpuTime() {
    OptionalLong nanos = first("cpuacct.usage");
    if (nanos.isPresent()) {
      return Optional.of(Duration.ofNanos(nanos.getAsLong()));
    }
    for (Path path : paths) {
      OptionalLong micros = keyed(path.resolve("cpu.stat"), "usage_usec");
      if (micros.isPresent()) {
        return Optional.of(Duration.ofNanos(micros.getAsLong() * 1000));
      }
    }
    return Optional.empty();
  }

  /**
   * Removes the directories, of which the processes have ended.
   *
   * @return false if one is still in use: the kernel lets go of a process some time after it has
   *     died
   */
  boolean remove() {
    boolean gone = true;
    for (Path path : paths) {
      try {
        removeTree(path);
      } catch (IOException e) {
        LOG.debug("the control group {} cannot be removed yet: {}", path, e.toString());
        gone = false;
      }
    }
    return gone;
  }

  private static void removeTree(Path group) throws IOException {
    if (!Files.isDirectory(group)) {
      return;
    }
    for (Path child : children(group)) {
      removeTree(child);
    }
    Files.deleteIfExists(group);
  }

  private static void collect(Path group, Set<Long> pids) {
    try {
      membersOf(group).lines().map(Long::valueOf).forEach(pids::add);
      for (Path child : children(group)) {
        collect(child, pids);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A group that is gone has none, and those of a threaded group the one above it has. */
  private static String membersOf(Path group) {
    return Content.text(group.resolve("cgroup.type")).equals("threaded")
        ? ""
        : Content.text(group.resolve("cgroup.procs"));
  }

  private static List<Path> children(Path group) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(group, Files::isDirectory)) {
      entries.forEach(children::add);
    } catch (NoSuchFileException e) {
      // Gone, and its children with it.
    }
    return children;
  }

  private static void freeze(Path group, boolean frozen) {
    if (!write(group.resolve("cgroup.freeze"), frozen ? "1" : "0")) {
      write(group.resolve("freezer.state"), frozen ? "FROZEN" : "THAWED");
    }
  }

  /**
   * Freezing takes effect within microseconds unless a process sits in the kernel; then we go on
   * without it.
   */
  private static void awaitFrozen(Path group) {
    for (int i = 0; i < 1000; i++) {
      boolean unified = keyed(group.resolve("cgroup.events"), "frozen").orElse(0) == 1;
      if (unified || Content.text(group.resolve("freezer.state")).equals("FROZEN")) {
        return;
      }
      Thread.onSpinWait();
    }
  }

  private OptionalLong first(String... names) {
    for (Path path : paths) {
      for (String name : names) {
        String text = Content.text(path.resolve(name));
        if (text.matches("\\d{1,18}")) {
          return OptionalLong.of(Long.parseLong(text));
        }
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong keyed(Path file, String key) {
    return Content.text(file)
        .lines()
        .filter(line -> line.startsWith(key + " "))
        .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1).strip()))
        .findFirst();
  }

  /** Writes to a file of the kernel; false if there is none, or it does not take the value. */
  static boolean write(Path file, String value) {
    try {
      Files.write(file, value.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
