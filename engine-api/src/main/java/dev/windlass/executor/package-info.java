/** The executor SPI. {@link dev.windlass.executor.Executor} carries the contract. */
@NullMarked
package dev.windlass.executor;

import org.jspecify.annotations.NullMarked;
