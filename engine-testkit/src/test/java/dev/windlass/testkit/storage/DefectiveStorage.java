package dev.windlass.testkit.storage;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectPage;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StoreUri;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/** Does as a sound storage does. Each planted defect overrides one of its methods. */
class DefectiveStorage implements Storage {

  private final Storage storage;

  DefectiveStorage(Storage storage) {
    this.storage = storage;
  }

  @Override
  public Optional<ObjectInfo> stat(StoreUri object) {
    return storage.stat(object);
  }

  @Override
  public ObjectPage list(StoreUri folder, Optional<String> after, int limit) {
    return storage.list(folder, after, limit);
  }

  @Override
  public InputStream read(StoreUri object, long offset) {
    return storage.read(object, offset);
  }

  @Override
  public ObjectUpload write(StoreUri object) {
    return storage.write(object);
  }

  @Override
  public void delete(StoreUri object) {
    storage.delete(object);
  }

  @Override
  public Optional<Path> localPath(StoreUri uri) {
    return storage.localPath(uri);
  }

  @Override
  public void close() {
    storage.close();
  }

  /** Does as a sound upload does. */
  static class DefectiveUpload implements ObjectUpload {

    private final ObjectUpload upload;

    DefectiveUpload(ObjectUpload upload) {
      this.upload = upload;
    }

    @Override
    public OutputStream body() {
      return upload.body();
    }

    @Override
    public ObjectInfo commit() {
      return upload.commit();
    }

    @Override
    public void close() {
      upload.close();
    }
  }
}
