package dev.windlass.core.execution;

import dev.windlass.LogBound;
import dev.windlass.core.job.TaskPlan;
import dev.windlass.core.staging.Mask;
import dev.windlass.core.staging.Publisher;
import dev.windlass.core.staging.RunFiles;
import dev.windlass.core.staging.Secrets;
import dev.windlass.core.staging.StagingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the logs of an attempt that is over can be kept: none shows a secret, and none is
 * longer than its bound.
 */
final class EndedLogs {
  private static final Logger LOG = LoggerFactory.getLogger(EndedLogs.class);

  private static final String WITHHELD =
      "(withheld: the secrets that may stand here could not be had to mask them)";

  private final Secrets secrets;
  private final Publisher publisher;
  private final RunFiles files;
  private final LogBound bound;

  EndedLogs(Secrets secrets, Publisher publisher, RunFiles files, LogBound bound) {
    this.secrets = secrets;
    this.publisher = publisher;
    this.files = files;
    this.bound = bound;
  }

  /**
   * Masks and shortens the logs of an attempt that has ended. Blocks. Idempotent.
   *
   * @param patient whether it can still be tried again
   * @return false if they cannot be masked: standard output and standard error then hold a note
   *     instead, and the others must not be published
   * @throws StagingException if it is to be tried again later
   */
  boolean prepare(Drive drive, TaskPlan plan, boolean patient) throws StagingException {
    boolean masked = mask(drive, plan, patient);
    try {
      publisher.shortenLogs(files.directory(drive.id), bound);
    } catch (StagingException e) {
      // As when the disc is full: nothing is wrong with the attempt, and nothing is lost.
      LOG.warn("the logs of {} are kept whole, for they cannot be shortened", drive.id, e);
    }
    return masked;
  }

  /**
   * Masks them.
   *
   * @param patient whether it can still be tried again
   * @return false if they cannot be masked, and are withheld
   * @throws StagingException if it is to be tried again later
   */
  private boolean mask(Drive drive, TaskPlan plan, boolean patient) throws StagingException {
    if (plan.task().secrets().isEmpty()) {
      return true;
    }
    try {
      // Those that this life of the host has given to it, or those of now in their place.
      Mask mask =
          drive.secrets().isEmpty() ? Mask.of(secrets.fetch(plan.task()).values()) : drive.mask();
      publisher.maskLogs(plan, files.directory(drive.id), mask);
      return true;
    } catch (StagingException e) {
      if (e.isRetryable() && patient) {
        throw e;
      }
      LOG.warn("the logs of {} are withheld, for they cannot be masked", drive.id, e);
      publisher.withholdLogs(files.directory(drive.id), WITHHELD);
      return false;
    }
  }
}
