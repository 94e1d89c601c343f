package dev.windlass.job;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an instance needs, or a node offers.
 *
 * <p>Processors, memory, disk and devices are of a node. Named resources, such as licences, are
 * not: they are counted for a whole cluster or a whole engine.
 *
 * @param cpuMillis thousandths of a processor, at least 0; a fraction of a processor is a share of
 *     its time
 * @param memoryBytes at least 0; for a request 0 means that no memory is booked and no limit is set
 * @param diskBytes room for files, at least 0; for a request 0 means that none is booked. Booked
 *     only: no executor keeps a program from writing more
 * @param gpus whole devices, at least 0. A node numbers its devices from 0 on, and an attempt gets
 *     particular ones
 * @param named how many of each named resource, at least 1 each; sorted by name, immutable. Empty
 *     for a node
 */
public record Resources(
    long cpuMillis, long memoryBytes, long diskBytes, int gpus, Map<String, Integer> named) {

  /** Nothing at all. */
  public static final Resources NONE = new Resources(0, 0, 0);

  /** Most processor time one can name: a million processors. */
  public static final long MAX_CPU_MILLIS = 1_000_000_000L;

  /** Most devices one can name. */
  public static final int MAX_GPUS = 1_000_000;

  /** Most memory one can name: 2^60 bytes. */
  public static final long MAX_MEMORY_BYTES = 1L << 60;

  /** Most disk one can name: 2^60 bytes. */
  public static final long MAX_DISK_BYTES = 1L << 60;

  /** Most of a named resource that there can be: a thousand million. */
  public static final int MAX_NAMED = 1_000_000_000;

  private static final int MAX_NAME = 64;

  /**
   * Checks the ranges and copies the map.
   *
   * @throws IllegalArgumentException if a part is negative or absurd (more than a million
   *     processors or devices, more than 2^60 bytes, more than {@value #MAX_NAMED} of a named
   *     resource), or a name breaks the rule of {@link #checkName}
   */
  public Resources {
    checkRange("cpuMillis", cpuMillis, 0, MAX_CPU_MILLIS);
    checkRange("memoryBytes", memoryBytes, 0, MAX_MEMORY_BYTES);
    checkRange("diskBytes", diskBytes, 0, MAX_DISK_BYTES);
    checkRange("gpus", gpus, 0, MAX_GPUS);
    named = checkedCopy(named, 1);
  }

  /**
   * Processors, memory and devices, and nothing else.
   *
   * @param cpuMillis thousandths of a processor, at least 0
   * @param memoryBytes at least 0
   * @param gpus at least 0
   * @throws IllegalArgumentException if a part is negative or absurd
   */
  public Resources(long cpuMillis, long memoryBytes, int gpus) {
    this(cpuMillis, memoryBytes, 0, gpus, Map.of());
  }

  /**
   * A number of whole processors and nothing else.
   *
   * @param cpus at least 0
   * @return the resources
   */
  public static Resources cpus(int cpus) {
    return new Resources(cpus * 1000L, 0, 0);
  }

  /**
   * The same with other memory.
   *
   * @param bytes at least 0
   * @return the resources
   */
  public Resources withMemory(long bytes) {
    return new Resources(cpuMillis, bytes, diskBytes, gpus, named);
  }

  /**
   * The same with other disk.
   *
   * @param bytes at least 0
   * @return the resources
   */
  public Resources withDisk(long bytes) {
    return new Resources(cpuMillis, memoryBytes, bytes, gpus, named);
  }

  /**
   * The same with other devices.
   *
   * @param count at least 0
   * @return the resources
   */
  public Resources withGpus(int count) {
    return new Resources(cpuMillis, memoryBytes, diskBytes, count, named);
  }

  /**
   * The same with other named resources.
   *
   * @param counts how many of each; names as {@link #checkName} says
   * @return the resources
   */
  public Resources withNamed(Map<String, Integer> counts) {
    return new Resources(cpuMillis, memoryBytes, diskBytes, gpus, counts);
  }

  /**
   * The part that a node must offer.
   *
   * @return the same without named resources
   */
  public Resources ofNode() {
    return named.isEmpty() ? this : withNamed(Map.of());
  }

  /**
   * Says whether a request fits into this.
   *
   * @param request what is asked for
   * @return true if no part of the request is larger than this
   */
  public boolean covers(Resources request) {
    return request.cpuMillis <= cpuMillis
        && request.memoryBytes <= memoryBytes
        && request.diskBytes <= diskBytes
        && request.gpus <= gpus
        && request.named.entrySet().stream()
            .allMatch(each -> each.getValue() <= named.getOrDefault(each.getKey(), 0));
  }

  /**
   * The sum, part by part.
   *
   * @param other what to add
   * @return the sum
   */
  public Resources plus(Resources other) {
    return new Resources(
        cpuMillis + other.cpuMillis,
        memoryBytes + other.memoryBytes,
        diskBytes + other.diskBytes,
        gpus + other.gpus,
        sum(other.named, 1));
  }

  /**
   * The difference, part by part.
   *
   * @param other what to take away; not more than this
   * @return the difference
   * @throws IllegalArgumentException if a part would be negative
   */
  public Resources minus(Resources other) {
    return new Resources(
        cpuMillis - other.cpuMillis,
        memoryBytes - other.memoryBytes,
        diskBytes - other.diskBytes,
        gpus - other.gpus,
        sum(other.named, -1));
  }

  private Map<String, Integer> sum(Map<String, Integer> others, int sign) {
    if (others.isEmpty()) {
      return named;
    }
    Map<String, Integer> sum = new TreeMap<>(named);
    others.forEach((name, count) -> sum.merge(name, sign * count, Integer::sum));
    sum.values().removeIf(count -> count == 0);
    return sum;
  }

  /**
   * Checks the name of a named resource: 1 to 64 letters, digits, {@code _} and {@code -}, not
   * beginning with a digit or {@code -}.
   *
   * @param name any
   * @return the name
   * @throws IllegalArgumentException if it breaks the rule
   */
  public static String checkName(String name) {
    boolean right =
        !name.isEmpty() && name.length() <= MAX_NAME && !isDigitOrHyphen(name.charAt(0));
    for (int i = 0; right && i < name.length(); i++) {
      right = isLetter(name.charAt(i)) || isDigitOrHyphen(name.charAt(i));
    }
    if (!right) {
      throw new IllegalArgumentException(
          "the name of a resource has 1 to 64 letters, digits, '_' and '-' and does not begin with a"
              + " digit or '-', was "
              + name);
    }
    return name;
  }

  private static boolean isLetter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  }

  private static boolean isDigitOrHyphen(char c) {
    return (c >= '0' && c <= '9') || c == '-';
  }

  /**
   * Checks how many there are of named resources, and copies the map.
   *
   * @param totals how many of each, 0 to {@value #MAX_NAMED}
   * @return the same, sorted by name, immutable
   * @throws IllegalArgumentException if a name breaks the rule of {@link #checkName} or a number is
   *     out of range
   */
  public static SortedMap<String, Integer> checkTotals(Map<String, Integer> totals) {
    return checkedCopy(totals, 0);
  }

  private static SortedMap<String, Integer> checkedCopy(Map<String, Integer> counts, int least) {
    if (counts.isEmpty()) {
      return Collections.emptySortedMap();
    }
    SortedMap<String, Integer> copy = new TreeMap<>(counts);
    copy.forEach((name, count) -> checkRange(checkName(name), count, least, MAX_NAMED));
    return Collections.unmodifiableSortedMap(copy);
  }

  /**
   * The smaller of each part; of named resources all stay, since machines have none.
   *
   * @param other another amount
   * @return no part but the named ones is larger than in either
   */
  public Resources atMost(Resources other) {
    return new Resources(
        Math.min(cpuMillis, other.cpuMillis),
        Math.min(memoryBytes, other.memoryBytes),
        Math.min(diskBytes, other.diskBytes),
        Math.min(gpus, other.gpus),
        named);
  }

  /** For people, such as {@code 1.5 cpus, 2048 bytes, 0 gpus, 2 licence-x}. */
  @Override
  public String toString() {
    String cpus =
        cpuMillis % 1000 == 0
            ? Long.toString(cpuMillis / 1000)
            : String.format(java.util.Locale.ROOT, "%.3f", cpuMillis / 1000.0);
    StringBuilder text = new StringBuilder(cpus + " cpus, " + memoryBytes + " bytes, ");
    if (diskBytes > 0) {
      text.append(diskBytes).append(" bytes of disk, ");
    }
    text.append(gpus).append(" gpus");
    named.forEach((name, count) -> text.append(", ").append(count).append(' ').append(name));
    return text.toString();
  }

  private static void checkRange(String what, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          what + " must be " + min + " to " + max + ", was " + value);
    }
  }
}
