/** The engine behind the door: turns calls into inputs and results into promises. */
@NullMarked
package dev.windlass.core.engine;

import org.jspecify.annotations.NullMarked;
