package dev.windlass.core.job;

import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.Resources;
import java.time.Instant;
import java.util.List;

/**
 * What the state store keeps of the capacity of an instance that has failed for good, until a user
 * releases it.
 *
 * @param sequence the job's
 * @param ordinal the task's
 * @param attempt number of the last attempt, whose files are kept
 * @param node where it ran
 * @param resources what stays booked there
 * @param gpuDevices the devices of the node that it keeps, ascending
 */
public record ReservedRecord(
    InstanceId id,
    long sequence,
    int ordinal,
    int attempt,
    String node,
    Resources resources,
    List<Integer> gpuDevices,
    Instant since) {

  /** The attempt whose files are kept. */
  public AttemptId attemptId() {
    return id.attempt(attempt);
  }
}
