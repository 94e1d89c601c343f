/**
 * What the engine writes into a recording of the JDK Flight Recorder ({@code
 * docs/observability.md}). Costs next to nothing while nothing is recorded.
 */
@NullMarked
package dev.windlass.core.flight;

import org.jspecify.annotations.NullMarked;
