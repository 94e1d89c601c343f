/**
 * For the tests of storages and of their users: the contract suite that every storage extends
 * ({@link dev.windlass.testkit.storage.StorageContract}) and a storage without a store.
 */
@NullMarked
package dev.windlass.testkit.storage;

import org.jspecify.annotations.NullMarked;
