/** A socket in an engine's directory by which other processes of the same user operate it. */
@NullMarked
package dev.windlass.control;

import org.jspecify.annotations.NullMarked;
