package dev.windlass.job;

/**
 * What is done after an attempt ran out of memory: the instance is tried again with more, and
 * instances of the task that have not begun yet begin with what was learnt. A task that uses it
 * must say how much memory an instance gets at first.
 *
 * <p>Each time the memory grows by {@code growthPercent}, up to {@code maxBytes} and to what a node
 * of the cluster offers. An instance that ran out of memory with that much fails.
 *
 * @param maxRetries how often an instance is tried again for want of memory, 1 to {@value
 *     RetryPolicy#MAX_RETRIES}; uses up no other budget
 * @param growthPercent 1 to {@value #MAX_GROWTH_PERCENT}; 100 doubles
 * @param maxBytes most memory that an instance may get; at least 1
 */
public record MemoryRetry(int maxRetries, int growthPercent, long maxBytes) {

  /** Largest step. */
  public static final int MAX_GROWTH_PERCENT = 10_000;

  /** Three retries, each with twice as much, up to what a node offers. */
  public static final MemoryRetry USUAL = new MemoryRetry(3, 100, Resources.MAX_MEMORY_BYTES);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a part is out of range
   */
  public MemoryRetry {
    RetryPolicy.checkRetries(maxRetries);
    if (maxRetries == 0) {
      throw new IllegalArgumentException("maxRetries of the memory must be at least 1, was 0");
    }
    if (growthPercent < 1 || growthPercent > MAX_GROWTH_PERCENT) {
      throw new IllegalArgumentException(
          "growthPercent must be 1 to " + MAX_GROWTH_PERCENT + ", was " + growthPercent);
    }
    if (maxBytes < 1 || maxBytes > Resources.MAX_MEMORY_BYTES) {
      throw new IllegalArgumentException(
          "maxBytes must be 1 to " + Resources.MAX_MEMORY_BYTES + ", was " + maxBytes);
    }
  }

  /**
   * What an instance gets after it ran out of memory.
   *
   * @param bytes what it had, at least 1
   * @return more, unless it had {@code maxBytes} already; never more than that
   */
  public long after(long bytes) {
    long hundredth = bytes / 100;
    if (bytes >= maxBytes || hundredth > maxBytes / growthPercent) {
      return maxBytes;
    }
    long growth = hundredth * growthPercent + bytes % 100 * growthPercent / 100;
    return Math.min(maxBytes, bytes + Math.max(1, growth));
  }
}
