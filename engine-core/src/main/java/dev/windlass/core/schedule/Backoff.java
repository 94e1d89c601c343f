package dev.windlass.core.schedule;

import dev.windlass.job.AttemptId;
import dev.windlass.job.RetryPolicy;
import java.time.Duration;

/**
 * How long to wait before an instance is tried again.
 *
 * <p>The pause doubles with each try up to a bound and is shortened by up to a quarter. The
 * shortening is taken from the attempt's id and not from a random number, so that the core decides
 * the same each time it is asked.
 */
public final class Backoff {

  /** First pause after a loss or a refusal for now. */
  private static final Duration INFRASTRUCTURE_DELAY = Duration.ofMillis(500);

  /** Longest pause after a loss or a refusal for now. */
  private static final Duration INFRASTRUCTURE_MAX = Duration.ofMinutes(1);

  private Backoff() {}

  /**
   * The pause after a failure of the program.
   *
   * @param retry 1 for the first retry
   */
  public static Duration afterFailure(RetryPolicy policy, int retry, AttemptId failed) {
    return pause(policy.delay(), policy.maxDelay(), retry, failed);
  }

  /**
   * The pause after a failure of the infrastructure.
   *
   * @param count 1 for the first
   */
  public static Duration afterLoss(int count, AttemptId lost) {
    return pause(INFRASTRUCTURE_DELAY, INFRASTRUCTURE_MAX, count, lost);
  }

  private static Duration pause(Duration first, Duration max, int count, AttemptId id) {
    long nanos = first.toNanos();
    long maxNanos = max.toNanos();
    for (int i = 1; i < count && nanos < maxNanos; i++) {
      nanos = Math.min(maxNanos, nanos * 2);
    }
    long quarter = nanos / 4;
    long cut = quarter == 0 ? 0 : Math.floorMod(spread(id.hashCode()), quarter);
    return Duration.ofNanos(nanos - cut);
  }

  /** Spreads neighbouring hash codes over the whole range (the finalizer of MurmurHash3). */
  private static long spread(int hash) {
    long h = hash * 0xff51afd7ed558ccdL;
    h ^= h >>> 33;
    h *= 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
