/** Virtual time: clocks, lanes and waiting on one thread. */
@NullMarked
package dev.windlass.testkit.time;

import org.jspecify.annotations.NullMarked;
