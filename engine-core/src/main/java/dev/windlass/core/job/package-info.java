/**
 * The core: what is known of jobs, tasks, instances and attempts, and what follows from each input.
 * Pure: no I/O, no clock, no threads, no randomness.
 */
@NullMarked
package dev.windlass.core.job;

import org.jspecify.annotations.NullMarked;
