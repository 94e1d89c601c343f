/** What must hold of a simulated run, checked apart from the engine. */
@NullMarked
package dev.windlass.testkit.simulation.check;

import org.jspecify.annotations.NullMarked;
