/**
 * Nodes, what is booked on them, and how long to wait before trying again. Pure: no I/O, no clock,
 * no threads.
 */
@NullMarked
package dev.windlass.core.schedule;

import org.jspecify.annotations.NullMarked;
