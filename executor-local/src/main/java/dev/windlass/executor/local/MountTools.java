package dev.windlass.executor.local;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The programs by which a mount namespace is made, all of them of util-linux but for those of
 * coreutils.
 *
 * @param setpriv absent on some hosts; then root keeps what it has
 */
record MountTools(
    String unshare,
    String mount,
    String umount,
    String pivotRoot,
    String mkdir,
    String ln,
    String sh,
    Optional<String> setpriv) {

  static MountTools absent() {
    return new MountTools("", "", "", "", "", "", "", Optional.empty());
  }

  static Optional<MountTools> find() {
    try {
      return Optional.of(
          new MountTools(
              required("unshare"),
              required("mount"),
              required("umount"),
              required("pivot_root"),
              required("mkdir"),
              required("ln"),
              required("sh"),
              Host.tool("setpriv").map(Path::toString)));
    } catch (dev.windlass.error.EngineException e) {
      return Optional.empty();
    }
  }

  private static String required(String name) {
    return Host.requiredTool(name, "util-linux").toString();
  }
}
