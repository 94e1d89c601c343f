package dev.windlass.testkit.assertion;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StoreUri;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;

/** Assertions about what lies in a storage. */
public final class StorageAssert extends AbstractAssert<StorageAssert, Storage> {

  /** So many neighbours are shown when an object is missing. */
  private static final int MOST_NEIGHBOURS = 20;

  StorageAssert(Storage storage) {
    super(storage, StorageAssert.class);
  }

  /**
   * There is an object; the assertions that follow are about it.
   *
   * @param uri such as {@code oss://bucket/key}
   * @return assertions about the object
   * @throws IllegalArgumentException if it is not the URI of an object
   */
  public StoredObjectAssert hasObject(String uri) {
    StoreUri object = StoreUri.parse(uri);
    Optional<ObjectInfo> info = actual.stat(object);
    if (info.isEmpty()) {
      throw failure(
          "%s", "there should be an object " + uri + "; in its bucket are " + neighbours(object));
    }
    return new StoredObjectAssert(this, actual, info.get());
  }

  private List<StoreUri> neighbours(StoreUri object) {
    StoreUri bucket = new StoreUri(object.scheme(), object.bucket(), "");
    return actual.list(bucket, Optional.empty(), MOST_NEIGHBOURS).objects().stream()
        .map(ObjectInfo::uri)
        .toList();
  }

  /**
   * There is no such object.
   *
   * @param uri such as {@code oss://bucket/key}
   * @return this
   * @throws IllegalArgumentException if it is not the URI of an object
   */
  public StorageAssert hasNoObject(String uri) {
    if (actual.stat(StoreUri.parse(uri)).isPresent()) {
      throw failure("%s", "there should be no object " + uri);
    }
    return this;
  }
}
