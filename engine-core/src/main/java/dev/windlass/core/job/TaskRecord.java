package dev.windlass.core.job;

import dev.windlass.job.JobId;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the state store keeps of a task beside its description.
 *
 * @param sequence the job's
 * @param ordinal position of the task in the description
 * @param maxRunning as it is now; the description says how it was at first
 * @param retry the retry policy that took the place of the described one; empty if none did
 * @param attemptBase no attempt of the task had a higher number when the job was last submitted or
 *     restarted
 * @param lastAttempt highest number of an attempt of the task
 * @param learnedMemoryBytes what an attempt books at least, learnt from some that had too little; 0
 *     if none had
 */
public record TaskRecord(
    JobId job,
    long sequence,
    int ordinal,
    State state,
    OptionalInt maxRunning,
    Optional<RetryPolicy> retry,
    Optional<Instant> started,
    Optional<Instant> ended,
    int attemptBase,
    int lastAttempt,
    long learnedMemoryBytes,
    int running,
    int finished,
    int failed,
    int stopped) {

  /** The same with another bound. */
  TaskRecord withMaxRunning(OptionalInt most) {
    return with(most, retry);
  }

  /** The same with another retry policy. */
  TaskRecord withRetry(RetryPolicy policy) {
    return with(maxRunning, Optional.of(policy));
  }

  private TaskRecord with(OptionalInt most, Optional<RetryPolicy> policy) {
    return new TaskRecord(
        job,
        sequence,
        ordinal,
        state,
        most,
        policy,
        started,
        ended,
        attemptBase,
        lastAttempt,
        learnedMemoryBytes,
        running,
        finished,
        failed,
        stopped);
  }
}
