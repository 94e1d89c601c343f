/** Tables of states and the events between them. Pure. */
@NullMarked
package dev.windlass.core.state;

import org.jspecify.annotations.NullMarked;
