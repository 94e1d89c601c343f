package dev.windlass.executor.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is mounted where in this process's mount namespace; see {@code /proc/pid/mountinfo} in
 * proc(5).
 *
 * @param flags mount point to the flags of what is mounted there, without {@code rw} and {@code
 *     ro}; in mount order
 */
record MountTable(Map<Path, String> flags) {

  static MountTable read() throws IOException {
    return parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
  }

  static MountTable parse(List<String> mountInfo) {
    Map<Path, String> flags = new LinkedHashMap<>();
    for (String line : mountInfo) {
      String[] fields = line.split(" ", -1);
      List<String> kept = new ArrayList<>(List.of(fields[5].split(",", -1)));
      kept.removeAll(List.of("rw", "ro"));
      // Of several on one point the last covers the others.
      flags.put(Path.of(CgroupLayout.unescape(fields[4])), String.join(",", kept));
    }
    return new MountTable(flags);
  }

  /** The flags that hold at a path. A namespace of an ordinary user may not drop any of them. */
  String flagsAt(Path path) {
    for (Path point = path; point != null; point = point.getParent()) {
      String found = flags.get(point);
      if (found != null) {
        return found;
      }
    }
    return "";
  }

  /** Mount points strictly below a directory. */
  List<Path> below(Path directory) {
    return flags.keySet().stream()
        .filter(point -> point.startsWith(directory) && !point.equals(directory))
        .toList();
  }
}
