package dev.windlass.testkit.storage;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectPage;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A storage that keeps its objects in memory and serves every scheme.
 *
 * <p>It takes every key and offers no local paths. What it holds lasts as long as somebody refers
 * to it or to a storage made by {@link #reopen}, so that a test can close one, as a host's end
 * does, and go on with another.
 */
public final class InMemoryStorage implements Storage {

  private static final int MAX_LIMIT = 10_000;
  private static final String MARKER = "after:";

  private final Store store;
  private final Optional<StoreFault> fault;
  private volatile boolean closed;

  private InMemoryStorage(Store store, Optional<StoreFault> fault) {
    this.store = store;
    this.fault = fault;
  }

  /**
   * A storage without objects that dates its objects by the system's clock.
   *
   * @return the storage
   */
  public static InMemoryStorage create() {
    return create(InstantSource.system());
  }

  /**
   * A storage without objects.
   *
   * @param clock says when an object was modified
   * @return the storage
   */
  public static InMemoryStorage create(InstantSource clock) {
    Store store = new Store(clock, new ConcurrentSkipListMap<>(), new AtomicLong());
    return new InMemoryStorage(store, Optional.empty());
  }

  /**
   * Another storage with the same objects, whether this one is closed or not.
   *
   * @return the storage
   */
  public InMemoryStorage reopen() {
    return new InMemoryStorage(store, fault);
  }

  /**
   * Another storage with the same objects that cannot reach them as it should.
   *
   * @param broken what goes wrong, always
   * @return the storage
   */
  public InMemoryStorage reopenWith(StoreFault broken) {
    return new InMemoryStorage(store, Optional.of(broken));
  }

  @Override
  public Optional<ObjectInfo> stat(StoreUri object) {
    checkObject(object);
    return Optional.ofNullable(store.objects.get(object)).map(Content::info);
  }

  @Override
  public ObjectPage list(StoreUri folder, Optional<String> after, int limit) {
    checkReach(folder);
    if (!folder.isFolder()) {
      throw new IllegalArgumentException(folder + " names an object, not a folder");
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ", was " + limit);
    }
    StoreUri start = after.map(marker -> objectOf(folder, marker)).orElse(folder);
    List<ObjectInfo> found =
        store.objects.tailMap(start, false).values().stream()
            .map(Content::info)
            .takeWhile(info -> folder.contains(info.uri()))
            .limit(limit + 1L)
            .toList();
    if (found.size() <= limit) {
      return new ObjectPage(found, Optional.empty());
    }
    StoreUri last = found.get(limit - 1).uri();
    return new ObjectPage(found.subList(0, limit), Optional.of(MARKER + folder.relativize(last)));
  }

  private static StoreUri objectOf(StoreUri folder, String marker) {
    if (!marker.startsWith(MARKER)) {
      throw new IllegalArgumentException("not a marker of a listing of " + folder);
    }
    return folder.resolve(marker.substring(MARKER.length()));
  }

  @Override
  public InputStream read(StoreUri object, long offset) {
    checkObject(object);
    Content content = store.objects.get(object);
    if (content == null) {
      throw new StorageException(Code.NOT_FOUND, object, "no such object", null);
    }
    int size = content.bytes.length;
    if (offset < 0 || offset > size) {
      throw new IllegalArgumentException("offset must be 0 to " + size + ", was " + offset);
    }
    int start = (int) offset;
    InputStream whole = new ByteArrayInputStream(content.bytes, start, size - start);
    return breaksOff() ? BreakingStreams.of(whole) : whole;
  }

  @Override
  public ObjectUpload write(StoreUri object) {
    checkObject(object);
    return new Upload(object);
  }

  @Override
  public void delete(StoreUri object) {
    checkObject(object);
    store.objects.remove(object);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void checkObject(StoreUri uri) {
    checkReach(uri);
    if (uri.isFolder()) {
      throw new IllegalArgumentException(uri + " names a folder, not an object");
    }
  }

  private boolean breaksOff() {
    return fault.filter(StoreFault.BREAKS_OFF::equals).isPresent();
  }

  private void checkReach(StoreUri uri) {
    checkOpen();
    if (fault.filter(StoreFault.DOES_NOT_ANSWER::equals).isPresent()) {
      throw new StorageException(Code.UNAVAILABLE, uri, "the store does not answer", null);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the storage is closed");
    }
  }

  /** What the storages on one store share. */
  private record Store(
      InstantSource clock,
      ConcurrentNavigableMap<StoreUri, Content> objects,
      AtomicLong versions) {}

  /** An object; its bytes are never changed. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Content(ObjectInfo info, byte[] bytes) {}

  private final class Upload implements ObjectUpload {

    private final StoreUri object;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final OutputStream body = breaksOff() ? BreakingStreams.of(content) : content;
    private boolean open = true;

    Upload(StoreUri object) {
      this.object = object;
    }

    @Override
    public OutputStream body() {
      return body;
    }

    @Override
    public ObjectInfo commit() {
      checkOpen();
      if (!open) {
        throw new IllegalStateException(object + ": the upload was committed or closed");
      }
      open = false;
      if (BreakingStreams.isBroken(body)) {
        throw new StorageException(Code.UNAVAILABLE, object, "the upload broke off", null);
      }
      byte[] bytes = content.toByteArray();
      String version = Long.toString(store.versions.incrementAndGet());
      ObjectInfo info = new ObjectInfo(object, bytes.length, store.clock.instant(), version);
      store.objects.put(object, new Content(info, bytes));
      return info;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
