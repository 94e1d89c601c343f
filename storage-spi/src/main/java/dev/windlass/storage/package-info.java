/**
 * The storage SPI. {@link dev.windlass.storage.Storage} carries the contract; the other types are
 * what its methods take and return.
 */
@NullMarked
package dev.windlass.storage;

import org.jspecify.annotations.NullMarked;
