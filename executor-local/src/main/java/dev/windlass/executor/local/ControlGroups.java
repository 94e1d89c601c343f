package dev.windlass.executor.local;

import dev.windlass.executor.Capability;
import dev.windlass.job.Resources;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes control groups for attempts, below the group in which this process runs itself.
 *
 * <p>What is possible is found out by doing it once. On version 2 a group that holds processes
 * cannot hand controllers down, so limits there need a host process at the top of the hierarchy or
 * controllers that are handed down already; killing needs neither.
 */
final class ControlGroups {

  /** The kernel's default period, of which a quota is the permitted part. */
  private static final long CPU_PERIOD_MICROS = 100_000;

  /** The kernel takes no smaller quota. */
  private static final long CPU_QUOTA_MIN_MICROS = 1_000;

  private final Optional<Path> killing;
  private final Optional<Path> memory;
  private final Optional<Path> cpu;
  private final Optional<Path> accounting;

  private ControlGroups(
      Optional<Path> killing,
      Optional<Path> memory,
      Optional<Path> cpu,
      Optional<Path> accounting) {
    this.killing = killing;
    this.memory = memory;
    this.cpu = cpu;
    this.accounting = accounting;
  }

  static ControlGroups none() {
    return new ControlGroups(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Tries what this host permits, and leaves nothing behind. */
  static ControlGroups probe(CgroupLayout layout) {
    String name = "windlass-probe-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    Optional<Path> unified = layout.unified();
    unified.ifPresent(own -> ControlGroup.write(own.resolve("cgroup.subtree_control"), "+memory"));
    unified.ifPresent(own -> ControlGroup.write(own.resolve("cgroup.subtree_control"), "+cpu"));
    Optional<Path> killing =
        first(
            Stream.concat(
                unified.flatMap(own -> works(own, name, "cgroup.kill", "1")).stream(),
                Stream.concat(
                    v1(layout, "freezer", name, "freezer.state", "THAWED"),
                    unified.flatMap(own -> works(own, name, "cgroup.freeze", "0")).stream())));
    if (killing.isEmpty()) {
      // Limits without the certainty that nothing leaves the group would be half a thing.
      return none();
    }
    return new ControlGroups(
        killing,
        first(
            Stream.concat(
                v1(layout, "memory", name, "memory.limit_in_bytes", "1073741824"),
                unified.flatMap(own -> works(own, name, "memory.max", "1073741824")).stream())),
        first(
            Stream.concat(
                v1(layout, "cpu", name, "cpu.cfs_quota_us", "100000"),
                unified.flatMap(own -> works(own, name, "cpu.max", "100000 100000")).stream())),
        first(v1(layout, "cpuacct", name, "cpuacct.usage", "0")));
  }

  private static Optional<Path> first(Stream<Path> candidates) {
    return candidates.findFirst();
  }

  private static Stream<Path> v1(
      CgroupLayout layout, String controller, String name, String file, String value) {
    return Optional.ofNullable(layout.controllers().get(controller))
        .flatMap(own -> works(own, name, file, value))
        .stream();
  }

  private static Optional<Path> works(Path own, String name, String file, String value) {
    Path group = own.resolve(name);
    try {
      Files.createDirectory(group);
      try {
        boolean joinable = Files.isWritable(group.resolve("cgroup.procs"));
        return joinable && ControlGroup.write(group.resolve(file), value)
            ? Optional.of(own)
            : Optional.empty();
      } finally {
        Files.deleteIfExists(group);
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  Set<Capability> capabilities() {
    Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
    killing.ifPresent(path -> capabilities.add(Capability.SEALED));
    memory.ifPresent(path -> capabilities.add(Capability.MEMORY_LIMIT));
    cpu.ifPresent(path -> capabilities.add(Capability.CPU_LIMIT));
    return capabilities;
  }

  /**
   * Says what the group of an attempt will be, so that it can be written down before there is one.
   *
   * @return empty if this host has no control groups for us
   */
  Optional<ControlGroup> of(String engineId, String attempt) {
    List<Path> paths =
        inUse().stream().map(own -> own.resolve(parentName(engineId)).resolve(attempt)).toList();
    return killing.map(path -> new ControlGroup(paths));
  }

  /** Makes it, limited to what the attempt booked. */
  void make(ControlGroup group, Resources booked) throws IOException {
    for (Path path : group.paths()) {
      Path parent = path.getParent();
      if (parent != null) {
        createIfAbsent(parent);
        handDown(parent);
      }
      createIfAbsent(path);
    }
    limit(group, booked);
  }

  /** Kills and removes groups of an engine that belong to none of the given attempts. */
  void sweep(String engineId, Set<String> known) throws IOException {
    for (Path own : inUse()) {
      for (Path group : children(own.resolve(parentName(engineId)))) {
        if (!known.contains(group.getFileName().toString())) {
          ControlGroup orphan = new ControlGroup(List.of(group));
          if (!orphan.isEmpty()) {
            orphan.kill();
          }
          orphan.remove();
        }
      }
    }
  }

  /** Removes the engine's own level if it is empty. */
  void removeIfEmpty(String engineId) {
    for (Path own : inUse()) {
      try {
        Files.deleteIfExists(own.resolve(parentName(engineId)));
      } catch (IOException e) {
        // Attempts go on in it; the next life of the engine needs it.
      }
    }
  }

  private Set<Path> inUse() {
    Set<Path> own = new LinkedHashSet<>();
    Stream.of(killing, memory, cpu, accounting).flatMap(Optional::stream).forEach(own::add);
    return own;
  }

  private static String parentName(String engineId) {
    return "windlass-" + engineId;
  }

  private static void createIfAbsent(Path directory) throws IOException {
    // Not createDirectories: the file systems of control groups have a mind of their own about
    // parents.
    if (!Files.isDirectory(directory)) {
      try {
        Files.createDirectory(directory);
      } catch (java.nio.file.FileAlreadyExistsException e) {
        // Another thread was faster.
      }
    }
  }

  /** On version 2 each level must hand its controllers down; version 1 has no such file. */
  private static void handDown(Path parent) {
    ControlGroup.write(parent.resolve("cgroup.subtree_control"), "+memory");
    ControlGroup.write(parent.resolve("cgroup.subtree_control"), "+cpu");
  }

  private void limit(ControlGroup group, Resources booked) throws IOException {
    if (booked.memoryBytes() > 0 && memory.isPresent()) {
      String bytes = Long.toString(booked.memoryBytes());
      require(group, "memory.max", bytes, "memory.limit_in_bytes", bytes);
      // Memory and swap together, where swap is counted; without this a limit would only slow
      // things down.
      group.paths().forEach(path -> ControlGroup.write(path.resolve("memory.swap.max"), "0"));
      group
          .paths()
          .forEach(path -> ControlGroup.write(path.resolve("memory.memsw.limit_in_bytes"), bytes));
    }
    if (booked.cpuMillis() > 0 && cpu.isPresent()) {
      long quota = Math.max(CPU_QUOTA_MIN_MICROS, booked.cpuMillis() * CPU_PERIOD_MICROS / 1000);
      String micros = Long.toString(quota);
      require(group, "cpu.max", micros + " " + CPU_PERIOD_MICROS, "cpu.cfs_quota_us", micros);
    }
  }

  private static void require(
      ControlGroup group, String file, String value, String oldFile, String oldValue)
      throws IOException {
    for (Path path : group.paths()) {
      if (ControlGroup.write(path.resolve(oldFile), oldValue)
          || ControlGroup.write(path.resolve(file), value)) {
        return;
      }
    }
    throw new IOException("the limit " + file + " = " + value + " cannot be set in " + group);
  }

  private static List<Path> children(Path parent) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, Files::isDirectory)) {
      entries.forEach(children::add);
    } catch (NoSuchFileException e) {
      // No attempt of this engine ever had a group.
    }
    return children;
  }
}
