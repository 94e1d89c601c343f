/**
 * A test engine for host developers: the shipped engine on virtual time and one thread, with
 * scripted programs and everything else in memory.
 */
@NullMarked
package dev.windlass.testkit.engine;

import org.jspecify.annotations.NullMarked;
