/** The contract of executors as a suite of tests: one for each sentence. */
@NullMarked
package dev.windlass.testkit.executor;

import org.jspecify.annotations.NullMarked;
