package dev.windlass.core.execution;

import dev.windlass.core.staging.RunFiles;
import dev.windlass.error.EngineException;
import dev.windlass.job.AttemptId;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskDescription;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files stay when an attempt is over, and the removal of all others: logs that are nowhere
 * else, for as long as the job is there. Safe for several threads; all methods block.
 */
final class KeptFiles {
  private static final Logger LOG = LoggerFactory.getLogger(KeptFiles.class);

  private final RunFiles files;
  private final Attempts.Records records;
  private final Predicate<JobId> isUnderWay;

  /** Jobs that are not there any more, and whose files go with their last attempt. */
  private final Set<JobId> gone = ConcurrentHashMap.newKeySet();

  /**
   * Those of an engine.
   *
   * @param isUnderWay says whether an attempt of a job is
   */
  KeptFiles(RunFiles files, Attempts.Records records, Predicate<JobId> isUnderWay) {
    this.files = files;
    this.records = records;
    this.isUnderWay = isUnderWay;
  }

  /**
   * Removes what a crash left.
   *
   * @param known says whether a job is there
   * @param reserved says whether all files of an attempt that is over are kept
   * @param alive says whether an attempt is under way
   */
  void sweep(Predicate<JobId> known, Predicate<AttemptId> reserved, Predicate<AttemptId> alive) {
    try {
      // In this order: what is not alive any more has been on record as reserved before that.
      files.sweep(
          job -> known.test(job) || outlivesItsJob(job),
          attempt -> alive.test(attempt) || reserved.test(attempt),
          this::keepsLogs);
    } catch (EngineException e) {
      LOG.warn("what a crash may have left is swept at the next start", e);
    }
  }

  /** A job that is being deleted is not there for users, and its programs may still run. */
  private boolean outlivesItsJob(JobId job) {
    gone.add(job); // before it is asked: its last attempt may be over just now
    boolean outlives = isUnderWay.test(job);
    if (!outlives) {
      gone.remove(job);
    }
    return outlives;
  }

  /** An attempt of a job is under way no longer. */
  void left(JobId job) {
    if (gone.contains(job) && !isUnderWay.test(job)) {
      files.forget(job);
      gone.remove(job);
    }
  }

  /** Removes the files of an attempt that is over. */
  void clear(Drive drive) {
    files.clear(drive.id, keepsLogs(drive));
  }

  /** The same, of one of which no more is known than what is on record. */
  void clear(AttemptId id) {
    files.clear(id, keepsLogs(id));
  }

  /**
   * Logs that are not published stay with the job. So do those of an attempt that did not succeed:
   * the next one's are published under the same name.
   */
  private boolean keepsLogs(Drive drive) {
    boolean isPublished =
        drive.plan().map(plan -> publishesLogs(plan.task())).orElse(false)
            && drive.isPublished()
            && drive.concluded().map(end -> end.outcome().isSuccess()).orElse(false);
    return !isPublished && keepsLogs(drive.id);
  }

  private boolean keepsLogs(AttemptId id) {
    try {
      return records
          .task(id.instance())
          .map(task -> !publishesLogs(task) || isOnRecordAsFailed(id))
          .orElse(false);
    } catch (EngineException e) {
      LOG.debug("it is not known whether the logs of {} were published", id, e);
      return true;
    }
  }

  private boolean isOnRecordAsFailed(AttemptId id) {
    return records.outcome(id).map(outcome -> !outcome.isSuccess()).orElse(false);
  }

  private static boolean publishesLogs(TaskDescription task) {
    return task.stdoutFolder().isPresent() && task.stderrFolder().isPresent();
  }
}
