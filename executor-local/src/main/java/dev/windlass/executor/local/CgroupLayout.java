package dev.windlass.executor.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where this process's own control groups are.
 *
 * <p>A host has version 2 (one unified hierarchy), version 1 (a hierarchy for each controller or
 * few of them), or both side by side, where version 2 then carries no controllers that version 1
 * has. See cgroups(7).
 *
 * @param unified the own group in the version 2 hierarchy, if mounted
 * @param controllers name of a version 1 controller to the own group in its hierarchy
 */
record CgroupLayout(Optional<Path> unified, Map<String, Path> controllers) {

  private static final List<String> USED = List.of("freezer", "memory", "cpu", "cpuacct");

  CgroupLayout {
    controllers = Map.copyOf(controllers);
  }

  static CgroupLayout none() {
    return new CgroupLayout(Optional.empty(), Map.of());
  }

  /** Asks the kernel. */
  static CgroupLayout discover() {
    try {
      return parse(
          Files.readAllLines(Path.of("/proc/self/mountinfo")),
          Files.readAllLines(Path.of("/proc/self/cgroup")));
    } catch (IOException | RuntimeException e) {
      return none();
    }
  }

  /**
   * Combines the two lists; see proc(5) and cgroups(7).
   *
   * @param mountInfo lines of {@code /proc/self/mountinfo}
   * @param membership lines of {@code /proc/self/cgroup}
   */
  static CgroupLayout parse(List<String> mountInfo, List<String> membership) {
    Optional<Path> unified = Optional.empty();
    Map<String, Path> controllers = new LinkedHashMap<>();
    for (String line : membership) {
      // hierarchy-id:controllers:path
      String[] parts = line.split(":", 3);
      if (parts.length != 3) {
        continue;
      }
      if (parts[0].equals("0") && parts[1].isEmpty()) {
        unified = group(mountInfo, "cgroup2", "", parts[2]);
      } else {
        for (String controller : parts[1].split(",", -1)) {
          if (USED.contains(controller)) {
            group(mountInfo, "cgroup", controller, parts[2])
                .ifPresent(path -> controllers.put(controller, path));
          }
        }
      }
    }
    return new CgroupLayout(unified, controllers);
  }

  private static Optional<Path> group(
      List<String> mountInfo, String type, String controller, String path) {
    for (String line : mountInfo) {
      // id parent device root mount-point options [tags] - type source super-options
      String[] halves = line.split(" - ", 2);
      if (halves.length != 2) {
        continue;
      }
      String[] left = halves[0].split(" ", -1);
      String[] right = halves[1].split(" ", -1);
      boolean carries =
          controller.isEmpty()
              || List.of(right[right.length - 1].split(",", -1)).contains(controller);
      if (right[0].equals(type) && carries) {
        return below(unescape(left[4]), unescape(left[3]), path);
      }
    }
    return Optional.empty();
  }

  /** The path is counted from the hierarchy's root, of which the mount may show only a part. */
  private static Optional<Path> below(String mountPoint, String root, String path) {
    if (path.contains("/..")) {
      // The own group lies outside the cgroup namespace: out of sight and out of reach.
      return Optional.empty();
    }
    String rest;
    if (root.equals("/")) {
      rest = path;
    } else if (path.equals(root) || path.startsWith(root + "/")) {
      rest = path.substring(root.length());
    } else {
      // A container whose mount shows its group as the top, while the list names it by the host's
      // path.
      rest = "/";
    }
    return Optional.of(Path.of(mountPoint + rest).normalize());
  }

  /** Blanks and the like are written as octal numbers. */
  static String unescape(String field) {
    return field
        .replace("\\040", " ")
        .replace("\\011", "\t")
        .replace("\\012", "\n")
        .replace("\\134", "\\");
  }
}
