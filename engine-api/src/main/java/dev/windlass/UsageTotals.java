package dev.windlass;

import java.time.Duration;

/**
 * What attempts that are over used together, whatever they came to: also those that failed, were
 * stopped or lost, and those before a restart of their job.
 *
 * @param attempts how many of them
 * @param instanceTime the time that their programs ran, one after another; instance-seconds
 * @param cpuTime processor time, where the executor knows it
 * @param memoryKibSeconds memory that was booked, in units of 1,024 bytes, times the seconds that
 *     the programs ran
 * @param bytesStaged what was copied in for them, as far as one life of the host saw it
 * @param bytesPublished what was published of their outputs, as far as one life of the host saw it
 */
public record UsageTotals(
    long attempts,
    Duration instanceTime,
    Duration cpuTime,
    long memoryKibSeconds,
    long bytesStaged,
    long bytesPublished) {

  /** Nothing was used. */
  public static final UsageTotals NONE = new UsageTotals(0, Duration.ZERO, Duration.ZERO, 0, 0, 0);

  /**
   * Both together.
   *
   * @param other any
   * @return the sum
   */
  public UsageTotals plus(UsageTotals other) {
    return new UsageTotals(
        attempts + other.attempts,
        instanceTime.plus(other.instanceTime),
        cpuTime.plus(other.cpuTime),
        memoryKibSeconds + other.memoryKibSeconds,
        bytesStaged + other.bytesStaged,
        bytesPublished + other.bytesPublished);
  }
}
