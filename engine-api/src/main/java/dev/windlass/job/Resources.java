package dev.windlass.job;

/**
 * What an instance needs, or a node offers.
 *
 * @param cpuMillis thousandths of a processor, at least 0; a fraction of a processor is a share of
 *     its time
 * @param memoryBytes at least 0; for a request 0 means that no memory is booked and no limit is set
 * @param gpus whole devices, at least 0
 */
public record Resources(long cpuMillis, long memoryBytes, int gpus) {

  /** Nothing at all. */
  public static final Resources NONE = new Resources(0, 0, 0);

  /** Most processor time one can name: a million processors. */
  public static final long MAX_CPU_MILLIS = 1_000_000_000L;

  /** Most devices one can name. */
  public static final int MAX_GPUS = 1_000_000;

  /** Most memory one can name: 2^60 bytes. */
  public static final long MAX_MEMORY_BYTES = 1L << 60;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a part is negative or absurd (more than a million
   *     processors or devices, more than 2^60 bytes)
   */
  public Resources {
    checkRange("cpuMillis", cpuMillis, MAX_CPU_MILLIS);
    checkRange("memoryBytes", memoryBytes, MAX_MEMORY_BYTES);
    checkRange("gpus", gpus, MAX_GPUS);
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
    return new Resources(cpuMillis, bytes, gpus);
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
        && request.gpus <= gpus;
  }

  /**
   * The sum, part by part.
   *
   * @param other what to add
   * @return the sum
   */
  public Resources plus(Resources other) {
    return new Resources(
        cpuMillis + other.cpuMillis, memoryBytes + other.memoryBytes, gpus + other.gpus);
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
        cpuMillis - other.cpuMillis, memoryBytes - other.memoryBytes, gpus - other.gpus);
  }

  /**
   * The smaller of each part.
   *
   * @param other another amount
   * @return no part is larger than in either
   */
  public Resources atMost(Resources other) {
    return new Resources(
        Math.min(cpuMillis, other.cpuMillis),
        Math.min(memoryBytes, other.memoryBytes),
        Math.min(gpus, other.gpus));
  }

  /** For people, such as {@code 1.5 cpus, 2048 bytes, 0 gpus}. */
  @Override
  public String toString() {
    String cpus =
        cpuMillis % 1000 == 0
            ? Long.toString(cpuMillis / 1000)
            : String.format(java.util.Locale.ROOT, "%.3f", cpuMillis / 1000.0);
    return cpus + " cpus, " + memoryBytes + " bytes, " + gpus + " gpus";
  }

  private static void checkRange(String what, long value, long max) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(what + " must be 0 to " + max + ", was " + value);
    }
  }
}
