/** The door of the engine: {@link dev.windlass.core.EngineBuilder} opens one. */
@NullMarked
package dev.windlass.core;

import org.jspecify.annotations.NullMarked;
