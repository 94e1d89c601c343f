/** Meters of an engine: {@link dev.windlass.metrics.EngineMetrics} says which there are. */
@NullMarked
package dev.windlass.metrics;

import org.jspecify.annotations.NullMarked;
