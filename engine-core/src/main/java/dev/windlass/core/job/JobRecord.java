package dev.windlass.core.job;

import dev.windlass.job.JobId;
import dev.windlass.job.State;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the state store keeps of a job beside its description.
 *
 * @param sequence orders jobs by submission; unique within the store
 * @param priority as it is now; the description says how it was at first
 * @param maxRunning as it is now
 * @param paused why a user has paused it, possibly blank; empty if it is not paused
 * @param deleting true once the user deleted it; nobody is told of it any more
 * @param ending how it is going to end, from when that is decided until it does
 */
public record JobRecord(
    JobId id,
    long sequence,
    State state,
    int priority,
    OptionalInt maxRunning,
    Optional<String> paused,
    String message,
    Instant created,
    Optional<Instant> started,
    Optional<Instant> ended,
    int activeAttempts,
    boolean deleting,
    Optional<Ending> ending) {}
