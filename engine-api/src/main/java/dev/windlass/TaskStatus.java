package dev.windlass;

import dev.windlass.job.JobId;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a task stands, as of the last durable moment.
 *
 * @param job its job
 * @param name the task
 * @param state where it stands
 * @param maxRunning how many of its instances run at once at most; empty for no bound
 * @param changedRetry the retry policy that took the place of the described one; empty if none did
 * @param started when its first instance began to run, since the job's submission or last restart
 * @param ended when it entered its present final state
 * @param instances how many instances stand in which state
 */
public record TaskStatus(
    JobId job,
    TaskName name,
    State state,
    OptionalInt maxRunning,
    Optional<RetryPolicy> changedRetry,
    Optional<Instant> started,
    Optional<Instant> ended,
    Counts instances) {}
