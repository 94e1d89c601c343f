/** Side-by-side comparisons, each a program of its own. */
@NullMarked
package dev.windlass.benchmark;

import org.jspecify.annotations.NullMarked;
