/** Why something does not run, as data: the reasons, and the smallest changes that would help. */
@NullMarked
package dev.windlass.why;

import org.jspecify.annotations.NullMarked;
