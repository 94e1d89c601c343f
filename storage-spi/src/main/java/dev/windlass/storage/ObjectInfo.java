package dev.windlass.storage;

import java.time.Instant;
import java.util.Objects;

/**
 * What a store says about one object.
 *
 * @param uri the object; never a folder
 * @param size length in bytes, at least 0
 * @param modified when this content was written, by the store's clock
 * @param version opaque text that changes whenever the content is replaced and stays while it is
 *     not (an ETag, a version id); never empty. Two equal versions of one URI mean equal content
 */
public record ObjectInfo(StoreUri uri, long size, Instant modified, String version) {

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the URI names a folder, the size is negative or the version
   *     is empty
   */
  public ObjectInfo {
    Objects.requireNonNull(modified, "modified");
    if (uri.isFolder()) {
      throw new IllegalArgumentException(uri + " names a folder");
    }
    if (size < 0) {
      throw new IllegalArgumentException("size must be at least 0, was " + size);
    }
    if (version.isEmpty()) {
      throw new IllegalArgumentException("a version is not empty");
    }
  }
}
