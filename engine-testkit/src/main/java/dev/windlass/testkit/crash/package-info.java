/**
 * Proof that an executor survives {@code kill -9} of its host: a real host process with a real
 * engine is killed at random moments, and a ledger that the programs write themselves tells the
 * truth. {@link dev.windlass.testkit.crash.HostCrashContract} is the door. {@link
 * dev.windlass.testkit.crash.HostCloseContract} does the same with an engine that is closed.
 */
@NullMarked
package dev.windlass.testkit.crash;

import org.jspecify.annotations.NullMarked;
