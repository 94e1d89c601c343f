/** The whole engine in one thread, on a world that is made up from a seed. */
@NullMarked
package dev.windlass.testkit.simulation;

import org.jspecify.annotations.NullMarked;
