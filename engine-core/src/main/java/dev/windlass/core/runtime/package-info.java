/** The loop thread that owns the core, the committing thread, and the engine that a host sees. */
@NullMarked
package dev.windlass.core.runtime;

import org.jspecify.annotations.NullMarked;
