/** Simulated programs, executor and storage, and what can go wrong with them. */
@NullMarked
package dev.windlass.testkit.machine;

import org.jspecify.annotations.NullMarked;
