package dev.windlass;

import dev.windlass.error.EngineException;
import dev.windlass.job.JobId;
import java.util.Optional;

/**
 * What came of an operation on one of many jobs.
 *
 * @param job the job
 * @param refusal why it was refused, as {@link Engine#manage(JobId, JobOperation, String)} would
 *     throw; empty if it was carried out and is durable
 */
public record Managed(JobId job, Optional<EngineException> refusal) {

  /**
   * Says whether it was carried out.
   *
   * @return false if it was refused
   */
  public boolean isDone() {
    return refusal.isEmpty();
  }
}
