package dev.windlass.executor.docker;

import com.github.dockerjava.api.model.Info;
import dev.windlass.job.AttemptId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what a container used, where that can be had.
 *
 * <p>The Docker engine forgets it together with the container's control group. So the container
 * gets a parent group of its own, in which the kernel keeps on counting, and which is read after
 * the end. That takes a Docker engine of this host with the driver {@code cgroupfs}, and the right
 * to remove the group afterwards; elsewhere nothing is told.
 *
 * <p>These groups lie side by side at the root. In a group for all of them the start of a container
 * would fail if somebody, of this engine or another, found it empty and removed it just then.
 */
final class Accounting {

  private static final Logger LOG = LoggerFactory.getLogger(Accounting.class);

  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  /** PROC_CGROUP_INIT_INO of the kernel's proc_ns.h. */
  private static final String FIRST_NAMESPACE = "cgroup:[4026531835]";

  /** By version of the control groups: where the files lie, and what their numbers count. */
  private static final Path MEMORY_V1 = ROOT.resolve("memory");

  private static final Path CPU_V1 = ROOT.resolve("cpuacct");

  private final boolean usable;
  private final boolean unified;
  private final Labels labels;

  private Accounting(boolean usable, boolean unified, Labels labels) {
    this.usable = usable;
    this.unified = unified;
    this.labels = labels;
  }

  /** Finds out whether it can be done here. */
  static Accounting probe(Daemon daemon, Info engine, Labels labels) {
    boolean unified = Files.exists(ROOT.resolve("cgroup.controllers"));
    Path writable = unified ? ROOT : MEMORY_V1;
    boolean usable =
        daemon.isLocal()
            && "cgroupfs".equals(engine.getCGroupDriver())
            && Files.isWritable(writable)
            // Seen through another namespace, paths here are not those of the Docker engine.
            && isRootNamespace();
    return new Accounting(usable, unified, labels);
  }

  /** In a namespace of its own a process sees itself at the root, wherever it is. */
  private static boolean isRootNamespace() {
    try {
      Path namespace = Files.readSymbolicLink(Path.of("/proc/self/ns/cgroup"));
      return namespace.toString().equals(FIRST_NAMESPACE);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** The parent group for an attempt's container. */
  Optional<String> parent(AttemptId id) {
    return usable ? Optional.of("/" + labels.group(id)) : Optional.empty();
  }

  /** Processor time of everything in the container; empty if unknown. */
  Optional<Duration> cpu(AttemptId id) {
    if (!usable) {
      return Optional.empty();
    }
    if (unified) {
      return text(ROOT.resolve(labels.group(id)).resolve("cpu.stat"))
          .flatMap(text -> text.lines().filter(line -> line.startsWith("usage_usec ")).findFirst())
          .map(line -> Duration.ofNanos(Long.parseLong(line.substring(11).strip()) * 1000));
    }
    return text(CPU_V1.resolve(labels.group(id)).resolve("cpuacct.usage"))
        .map(text -> Duration.ofNanos(Long.parseLong(text)));
  }

  /** Most memory that was held at once; empty if unknown. */
  OptionalLong peakMemoryBytes(AttemptId id) {
    if (!usable) {
      return OptionalLong.empty();
    }
    Path file =
        unified
            ? ROOT.resolve(labels.group(id)).resolve("memory.peak")
            : MEMORY_V1.resolve(labels.group(id)).resolve("memory.max_usage_in_bytes");
    long bytes = text(file).map(Long::parseLong).orElse(0L);
    // Kernels that do not count for parents say nothing.
    return bytes > 0 ? OptionalLong.of(bytes) : OptionalLong.empty();
  }

  private static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Removes an attempt's group, after its container. */
  void forget(AttemptId id) {
    if (usable) {
      hierarchies().forEach(root -> remove(root.resolve(labels.group(id))));
    }
  }

  /**
   * Removes the groups of this executor whose attempts are over and forgotten: whoever removed
   * their containers was ended before it came to them.
   *
   * @param known gives the attempts whose groups may be in use; asked after the groups were seen
   */
  void sweep(Supplier<Set<AttemptId>> known) {
    if (!usable) {
      return;
    }
    List<Path> groups =
        hierarchies().stream().flatMap(root -> entries(root, labels.groups() + "*")).toList();
    Set<String> used = known.get().stream().map(labels::group).collect(Collectors.toSet());
    groups.stream()
        .filter(group -> !used.contains(group.getFileName().toString()))
        .forEach(Accounting::remove);
  }

  private List<Path> hierarchies() {
    return unified ? List.of(ROOT) : entries(ROOT, "*").toList();
  }

  private static Stream<Path> entries(Path directory, String glob) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
      entries.forEach(found::add);
    } catch (IOException | DirectoryIteratorException e) {
      LOG.debug("the control groups in {} cannot be listed", directory, e);
    }
    return found.stream();
  }

  private static void remove(Path group) {
    try {
      Files.deleteIfExists(group);
    } catch (IOException e) {
      // The container is still in it.
      LOG.debug("{} stays", group, e);
    }
  }
}
