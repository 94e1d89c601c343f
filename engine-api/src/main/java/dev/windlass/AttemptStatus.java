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
 * @param waitingSince since when the instance could have begun, as far as the host knew that made
 *     it begin: since what it waits for had ended, or its last attempt, or since that host opened
 *     the engine
 * @param begun when it got its place, and its data began to be staged; empty if a crash of the host
 *     came between that and its record
 * @param started when its program began, if it did
 * @param ended when its program was over, or what came before it had failed
 * @param published when its logs and outputs were published, if it had any
 * @param outcome how it ended, if it is over
 * @param usage what it used
 * @param bytesStaged what was copied in for it, as far as the host that saw its end knew
 * @param bytesPublished what was published of its outputs; {@link Engine#outputs} tells which
 */
public record AttemptStatus(
    AttemptId id,
    String node,
    long memoryBytes,
    Optional<Instant> waitingSince,
    Optional<Instant> begun,
    Optional<Instant> started,
    Optional<Instant> ended,
    Optional<Instant> published,
    Optional<Outcome> outcome,
    Usage usage,
    long bytesStaged,
    long bytesPublished) {}
