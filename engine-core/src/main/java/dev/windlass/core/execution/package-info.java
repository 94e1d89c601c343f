/**
 * Drives executors: launch, cancel, recover, release; turns what they report into inputs of the
 * core.
 */
@NullMarked
package dev.windlass.core.execution;

import org.jspecify.annotations.NullMarked;
