/**
 * What a host calls. {@link dev.windlass.Engine} is the entry; the other types are what it takes
 * and returns.
 */
@NullMarked
package dev.windlass;

import org.jspecify.annotations.NullMarked;
