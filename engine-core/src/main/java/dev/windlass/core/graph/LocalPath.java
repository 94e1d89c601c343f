package dev.windlass.core.graph;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A path at which a program sees a mapping: absolute, or relative to its working directory. A
 * trailing {@code /} makes it a folder.
 *
 * <p>It names one place only: no empty segment, no {@code .} and no {@code ..}. It does not lie in
 * the operating system's own directories, where a mapping would break the program or reach the
 * host.
 *
 * @param text as it came
 */
record LocalPath(String text) {

  /** Longest path in bytes with its NUL, and longest segment (Linux, {@code limits.h}). */
  static final int MAX_PATH_BYTES = 4095;

  static final int MAX_SEGMENT_BYTES = 255;

  private static final Set<String> RESERVED =
      Set.of(
          "proc", "sys", "dev", "etc", "boot", "run", "bin", "sbin", "lib", "lib32", "lib64",
          "libx32", "usr");

  /**
   * Checks the rules.
   *
   * @throws IllegalArgumentException if one is broken; the message is the rule
   */
  LocalPath {
    require(!text.isEmpty(), "a local path is not empty");
    require(
        text.chars().noneMatch(Character::isISOControl), "a local path holds no control character");
    require(bytes(text) <= MAX_PATH_BYTES, "a local path has at most " + MAX_PATH_BYTES + " bytes");
    String[] segments = text.substring(text.startsWith("/") ? 1 : 0).split("/", -1);
    require(
        !segments[0].isEmpty(), "a local path is not the root directory and has no empty segment");
    for (int i = 0; i < segments.length; i++) {
      checkSegment(segments[i], i == segments.length - 1);
    }
    require(
        !text.startsWith("/") || !RESERVED.contains(segments[0]),
        "a local path does not lie in /" + segments[0] + ", which belongs to the operating system");
  }

  boolean isFolder() {
    return text.endsWith("/");
  }

  /**
   * The place with a trailing {@code /}, so that one place lies in another if its key starts with
   * the other's.
   */
  String key() {
    return isFolder() ? text : text + "/";
  }

  private static void checkSegment(String segment, boolean last) {
    require(last || !segment.isEmpty(), "a local path has no empty segment");
    require(
        !segment.equals(".") && !segment.equals(".."), "a local path has no segment '.' or '..'");
    require(
        bytes(segment) <= MAX_SEGMENT_BYTES,
        "a segment of a local path has at most " + MAX_SEGMENT_BYTES + " bytes");
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
