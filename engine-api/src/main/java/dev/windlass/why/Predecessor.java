package dev.windlass.why;

import dev.windlass.job.State;
import dev.windlass.job.TaskName;

/**
 * A task that must have ended before another begins.
 *
 * @param task the task that has not ended
 * @param state where it stands
 * @param waiting how many of its instances wait
 * @param running how many of its instances run
 */
public record Predecessor(TaskName task, State state, int waiting, int running) {}
