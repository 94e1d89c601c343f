package dev.windlass;

/**
 * How much is kept of an output of a program when its attempt has ended: its first and its last
 * bytes. Where it was longer, one line between the two says how much was left out.
 *
 * <p>While the program runs, its output grows as it likes, and is read whole.
 *
 * @param headBytes how many of the first bytes, not negative
 * @param tailBytes how many of the last bytes, not negative
 */
public record LogBound(long headBytes, long tailBytes) {

  /** What is kept where nothing else is asked for: 64 MiB of each end. */
  public static final LogBound DEFAULT = new LogBound(64L << 20, 64L << 20);

  /** All of it. */
  public static final LogBound NONE = new LogBound(Long.MAX_VALUE, 0);

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public LogBound {
    if (headBytes < 0 || tailBytes < 0) {
      throw new IllegalArgumentException(
          "bounds of logs are not negative: " + headBytes + ", " + tailBytes);
    }
  }
}
