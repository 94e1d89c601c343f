/**
 * The seam through which time and threads come into the engine. What runs on it is the same on this
 * machine's threads and in a simulation on one thread and virtual time.
 */
@NullMarked
package dev.windlass.core.platform;

import org.jspecify.annotations.NullMarked;
