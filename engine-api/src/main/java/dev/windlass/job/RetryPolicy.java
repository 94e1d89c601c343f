package dev.windlass.job;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * When and how a failed instance is tried again.
 *
 * <p>{@code maxRetries} counts failures of the program: a non-zero exit, a signal, a timeout, out
 * of memory. What the infrastructure did (lost, refused for now, a storage away) does not use it
 * up. The pause before retry <em>n</em> is {@code delay} doubled <em>n - 1</em> times, at most
 * {@code maxDelay}, and made shorter by up to a quarter so that instances that failed together do
 * not come back together.
 *
 * @param maxRetries how often an instance is tried again, 0 to {@value #MAX_RETRIES}; n retries are
 *     n + 1 runs
 * @param delay pause before the first retry; not negative
 * @param maxDelay longest pause; at least {@code delay}, at most a day
 * @param finalExitCodes exit codes, 1 to 255, after which the instance is not tried again; order is
 *     of no importance
 */
public record RetryPolicy(
    int maxRetries, Duration delay, Duration maxDelay, Set<Integer> finalExitCodes) {

  /** Most retries one can ask for. */
  public static final int MAX_RETRIES = 1_000;

  /** No retry. */
  public static final RetryPolicy NONE = retries(0);

  /**
   * Checks the ranges and copies the set.
   *
   * @throws IllegalArgumentException if a part is out of range
   */
  public RetryPolicy {
    Objects.requireNonNull(delay, "delay");
    Objects.requireNonNull(maxDelay, "maxDelay");
    finalExitCodes = Set.copyOf(finalExitCodes);
    if (maxRetries < 0 || maxRetries > MAX_RETRIES) {
      throw new IllegalArgumentException(
          "maxRetries must be 0 to " + MAX_RETRIES + ", was " + maxRetries);
    }
    if (delay.isNegative()
        || maxDelay.compareTo(delay) < 0
        || maxDelay.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "0 <= delay <= maxDelay <= 1 day must hold, was " + delay + " and " + maxDelay);
    }
    for (int code : finalExitCodes) {
      if (code < 1 || code > 255) {
        throw new IllegalArgumentException("a final exit code is 1 to 255, was " + code);
      }
    }
  }

  /**
   * A number of retries with the default pauses: one second at first, five minutes at most.
   *
   * @param maxRetries 0 to {@value #MAX_RETRIES}
   * @return the policy
   */
  public static RetryPolicy retries(int maxRetries) {
    return new RetryPolicy(maxRetries, Duration.ofSeconds(1), Duration.ofMinutes(5), Set.of());
  }
}
