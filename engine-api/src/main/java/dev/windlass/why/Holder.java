package dev.windlass.why;

import dev.windlass.job.AttemptId;
import dev.windlass.job.Resources;

/**
 * An attempt that has booked something on a node.
 *
 * @param attempt the attempt
 * @param booked how much
 */
public record Holder(AttemptId attempt, Resources booked) {}
