package dev.windlass.core.job;

import dev.windlass.job.JobId;
import dev.windlass.job.State;
import java.time.Instant;
import java.util.Optional;

/**
 * What the state store keeps of a job beside its description.
 *
 * @param sequence orders jobs by submission; unique within the store
 * @param deleting true once the user deleted it; nobody is told of it any more
 */
public record JobRecord(
    JobId id,
    long sequence,
    State state,
    String message,
    Instant created,
    Optional<Instant> started,
    Optional<Instant> ended,
    int activeAttempts,
    boolean deleting) {}
