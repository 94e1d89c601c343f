/** How the engine says no: one exception, stable codes, and the faults of a description. */
@NullMarked
package dev.windlass.error;

import org.jspecify.annotations.NullMarked;
