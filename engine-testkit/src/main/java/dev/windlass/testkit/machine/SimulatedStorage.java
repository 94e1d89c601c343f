package dev.windlass.testkit.machine;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectPage;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import dev.windlass.testkit.machine.Faults.Fault;
import dev.windlass.testkit.storage.InMemoryStorage;
import dev.windlass.testkit.time.SimulatedPlatform;
import dev.windlass.testkit.time.Timeline;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** A storage for one life of a host, in front of objects that outlive it. */
public final class SimulatedStorage implements Storage {
  private static final Duration USUAL = Duration.ofMillis(2);
  private static final Duration SLOW = Duration.ofSeconds(3);

  private final InMemoryStorage objects;
  private final SimulatedPlatform platform;
  private final Timeline timeline;
  private final Faults faults;
  private final CrashPoints points;
  private int openUploads;

  public SimulatedStorage(
      InMemoryStorage objects,
      SimulatedPlatform platform,
      Timeline timeline,
      Faults faults,
      CrashPoints points) {
    this.objects = objects;
    this.platform = platform;
    this.timeline = timeline;
    this.faults = faults;
    this.points = points;
  }

  /** Uploads that were begun and neither committed nor closed. */
  public int openUploads() {
    return openUploads;
  }

  @Override
  public Optional<ObjectInfo> stat(StoreUri object) {
    return call(object, () -> objects.stat(object));
  }

  @Override
  public ObjectPage list(StoreUri folder, Optional<String> after, int limit) {
    return call(folder, () -> objects.list(folder, after, limit));
  }

  @Override
  public InputStream read(StoreUri object, long offset) {
    return call(object, () -> objects.read(object, offset));
  }

  @Override
  public void delete(StoreUri object) {
    call(
        object,
        () -> {
          objects.delete(object);
          return true;
        });
  }

  @Override
  public ObjectUpload write(StoreUri object) {
    enter(object);
    return new Upload(object, objects.write(object)); // an answer that is lost leaves no upload
  }

  /** A call is on its way; it may not get through. */
  private void enter(StoreUri uri) {
    platform.checkAlive();
    points.pass("before a call of the storage");
    if (faults.is(Fault.STORAGE_SLOW) || timeline.random().nextInt(4) == 0) {
      platform.pass(timeline.upTo(faults.is(Fault.STORAGE_SLOW) ? SLOW : USUAL));
    }
    if (faults.is(Fault.STORAGE_AWAY)) {
      throw new StorageException(Code.UNAVAILABLE, uri, "the storage does not answer", null);
    }
    if (faults.strikes(Fault.STORAGE_THROTTLES, 3)) {
      throw new StorageException(Code.THROTTLED, uri, "slow down", null);
    }
  }

  private <T> T call(StoreUri uri, Supplier<T> call) {
    enter(uri);
    T answer = call.get();
    points.pass("after a call of the storage");
    if (faults.strikes(Fault.STORAGE_THROTTLES, 5)) {
      throw new StorageException(Code.UNAVAILABLE, uri, "the answer was lost", null);
    }
    return answer;
  }

  @Override
  public void close() {
    // The objects stay.
  }

  private final class Upload implements ObjectUpload {
    private final StoreUri object;
    private final ObjectUpload upload;
    private boolean open = true;

    Upload(StoreUri object, ObjectUpload upload) {
      this.object = object;
      this.upload = upload;
      openUploads++;
    }

    @Override
    public OutputStream body() {
      return upload.body();
    }

    @Override
    public ObjectInfo commit() {
      return call(object, this::commitNow);
    }

    private ObjectInfo commitNow() {
      ObjectInfo info = upload.commit();
      settled();
      return info;
    }

    private void settled() {
      if (open) {
        open = false;
        openUploads--;
      }
    }

    @Override
    public void close() {
      upload.close();
      settled();
    }
  }
}
