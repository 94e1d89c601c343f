package dev.windlass;

import dev.windlass.job.InstanceId;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import dev.windlass.job.Usage;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where an instance stands, as of the last durable moment.
 *
 * @param id the instance
 * @param state where it stands
 * @param attempts how many attempts have begun, over all restarts of the job
 * @param retries how many retries after failures of the program and want of memory were used up
 *     since the job's submission or last restart
 * @param node on which node the last attempt runs or ran; empty if there was none
 * @param started when the last attempt's program began
 * @param ended when the instance ended
 * @param outcome how the last attempt ended
 * @param usage what the last attempt used
 * @param progress 0 to 100, if the program writes it
 */
public record InstanceStatus(
    InstanceId id,
    State state,
    int attempts,
    int retries,
    String node,
    Optional<Instant> started,
    Optional<Instant> ended,
    Optional<Outcome> outcome,
    Usage usage,
    OptionalInt progress) {}
