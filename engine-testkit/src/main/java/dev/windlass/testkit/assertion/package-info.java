/**
 * Assertions in the manner of AssertJ about jobs, their tasks, instances and attempts, about events
 * and about what was published. Their failures show how the job stands.
 */
@NullMarked
package dev.windlass.testkit.assertion;

import org.jspecify.annotations.NullMarked;
