package dev.windlass.storage;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A plug-in that serves the URIs of a store.
 *
 * <h2>What a storage is asked for</h2>
 *
 * <p>The engine brings inputs from a storage before an attempt and publishes outputs to it
 * afterwards. It needs little: list a folder, look at, read, write and delete one object, and,
 * where the store is a directory of this host, its path.
 *
 * <h2>Names</h2>
 *
 * <ul>
 *   <li>A store holds <em>objects</em> only. A folder exists exactly while an object lies below it;
 *       listing a folder that holds nothing is an empty listing, not an error.
 *   <li>A storage MUST keep two objects apart whose keys differ, also when they differ only in case
 *       or in Unicode normalisation; where it cannot, it MUST refuse the second with {@code
 *       INVALID_NAME}.
 *   <li>An object and a folder of the same name ({@code a} and {@code a/b}) MAY be refused with
 *       {@code INVALID_NAME} by a store that is a file system.
 *   <li>Nothing outside the storage's configured root is ever read or written, also not through a
 *       symbolic link that somebody put into it.
 * </ul>
 *
 * <h2>Consistency</h2>
 *
 * <ul>
 *   <li>Read after write: once {@link ObjectUpload#commit} or {@link #delete} has returned, every
 *       later call, from any thread and process, MUST see its effect.
 *   <li>An object MUST appear whole or not at all. A reader that began before a replacement MUST
 *       see the old content or the new one or get a {@link StorageException}, never a mixture.
 *   <li>{@link ObjectInfo#version} MUST change when content is replaced.
 *   <li>A listing that runs beside writers MUST contain every object that existed throughout it,
 *       each once.
 * </ul>
 *
 * <h2>Errors</h2>
 *
 * <ul>
 *   <li>Every failure is a {@link StorageException} with the code that fits. A missing answer is
 *       {@code UNAVAILABLE}, never {@code NOT_FOUND}.
 *   <li>A storage MAY try again by itself, within a bound of a minute; the engine tries again
 *       beyond that.
 *   <li>Interruption of the calling thread SHOULD end a call soon, with {@code UNAVAILABLE} and the
 *       thread's interrupt flag set.
 * </ul>
 *
 * <h2>Threads</h2>
 *
 * <p>All methods may be called from several threads at once and may block. After {@link #close}
 * every other method throws {@link IllegalStateException}, except the default {@link #localPath},
 * and no upload can be committed any more.
 */
public interface Storage extends AutoCloseable {

  /**
   * Looks at one object.
   *
   * @param object not a folder
   * @return what the store says, or empty if there is no such object
   * @throws StorageException if the store could not answer
   * @throws IllegalArgumentException if the URI names a folder
   */
  Optional<ObjectInfo> stat(StoreUri object);

  /**
   * Lists all objects below a folder, also those in folders below it, in ascending order of their
   * keys' UTF-8 bytes.
   *
   * @param folder a folder
   * @param after the marker of the previous page, or empty for the first page
   * @param limit how many objects at most, 1 to 10,000; a store may return fewer although more
   *     follow
   * @return the page
   * @throws StorageException if the store could not answer
   * @throws IllegalArgumentException if the URI names an object, the limit is out of range, or the
   *     marker did not come from this storage
   */
  ObjectPage list(StoreUri folder, Optional<String> after, int limit);

  /**
   * Reads one object from a position to its end.
   *
   * @param object not a folder
   * @param offset where to begin, in bytes; at the object's end the stream is empty
   * @return the content; the caller closes it. A stream that breaks off throws {@link
   *     java.io.IOException} and never ends early as if it were complete
   * @throws StorageException {@code NOT_FOUND} if there is no such object; others if it cannot be
   *     read
   * @throws IllegalArgumentException if the URI names a folder, or the offset is negative or beyond
   *     the end
   */
  InputStream read(StoreUri object, long offset);

  /**
   * Begins to write an object.
   *
   * @param object not a folder
   * @return an upload that nobody sees before its commit; the caller closes it
   * @throws StorageException if the store does not take the name or cannot be reached
   * @throws IllegalArgumentException if the URI names a folder
   */
  ObjectUpload write(StoreUri object);

  /**
   * Removes one object. Removing what is not there does nothing.
   *
   * @param object not a folder
   * @throws StorageException if the store could not do it, or it is not known whether it did
   * @throws IllegalArgumentException if the URI names a folder
   */
  void delete(StoreUri object);

  /**
   * Offers the path of an object or folder on this host, so that it need not be copied.
   *
   * <p>The default offers none. A storage that offers a path promises that what is read there is
   * what {@link #read} would give. Whoever gets the path MUST NOT write below it, except for
   * mappings that are declared as writable mounts.
   *
   * @param uri an object or a folder
   * @return an absolute path that need not exist yet, or empty if there is none
   * @throws StorageException if the name leads outside the root
   */
  default Optional<Path> localPath(StoreUri uri) {
    return Optional.empty();
  }

  /** Lets go of connections and threads. Idempotent. */
  @Override
  void close();
}
