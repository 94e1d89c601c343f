package dev.windlass.report;

import dev.windlass.cluster.NodeStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * A node on which attempts of the job were.
 *
 * @param name its name
 * @param status where it stands, if the engine knows: not of one that is gone, and not of those
 *     that a host brings by its configuration if the engine was opened to be looked at only
 * @param attempts how many attempts of the report were on it
 * @param failed how many of them failed
 * @param runningTime how long their programs ran, one after another
 * @param inUse from the first place that one of them took until the last was over; empty if unknown
 */
public record NodeReport(
    String name,
    Optional<NodeStatus> status,
    long attempts,
    long failed,
    Duration runningTime,
    Optional<Span> inUse) {}
