/**
 * A storage on a directory of this host; {@link dev.windlass.storage.directory.DirectoryStorage}.
 */
@NullMarked
package dev.windlass.storage.directory;

import org.jspecify.annotations.NullMarked;
