package dev.windlass;

import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.time.Instant;
import java.util.Optional;

/**
 * One attempt of an instance.
 *
 * @param id the attempt
 * @param node on which node
 * @param memoryBytes memory that was booked for it; 0 if its task asks for none
 * @param started when its program began, if it did
 * @param ended when it was over, if it is
 * @param outcome how it ended, if it is over
 * @param usage what it used
 */
public record AttemptStatus(
    AttemptId id,
    String node,
    long memoryBytes,
    Optional<Instant> started,
    Optional<Instant> ended,
    Optional<Outcome> outcome,
    Usage usage) {}
