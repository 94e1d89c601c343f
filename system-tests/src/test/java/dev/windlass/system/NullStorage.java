package dev.windlass.system;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectPage;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes everything, keeps nothing but the numbers. */
final class NullStorage implements Storage {
  private final AtomicInteger keys = new AtomicInteger();
  private final AtomicInteger longest = new AtomicInteger();

  /** How many objects were published. */
  int keys() {
    return keys.get();
  }

  /** The length of the longest key. */
  int longest() {
    return longest.get();
  }

  @Override
  public Optional<ObjectInfo> stat(StoreUri object) {
    return Optional.empty();
  }

  @Override
  public ObjectPage list(StoreUri folder, Optional<String> after, int limit) {
    return new ObjectPage(List.of(), Optional.empty());
  }

  @Override
  public InputStream read(StoreUri object, long offset) {
    throw new StorageException(Code.NOT_FOUND, object, "nothing is kept", null);
  }

  @Override
  public ObjectUpload write(StoreUri object) {
    return new ObjectUpload() {
      @Override
      public OutputStream body() {
        return OutputStream.nullOutputStream();
      }

      @Override
      public ObjectInfo commit() {
        keys.incrementAndGet();
        longest.accumulateAndGet(object.key().length(), Math::max);
        return new ObjectInfo(object, 0, Instant.EPOCH, "1");
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void delete(StoreUri object) {}

  @Override
  public void close() {}
}
