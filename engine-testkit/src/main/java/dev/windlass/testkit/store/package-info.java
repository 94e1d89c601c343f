/** A state store in memory on a disk that can fail. */
@NullMarked
package dev.windlass.testkit.store;

import org.jspecify.annotations.NullMarked;
