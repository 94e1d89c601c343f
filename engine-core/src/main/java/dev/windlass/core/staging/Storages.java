package dev.windlass.core.staging;

import com.google.common.collect.ImmutableSortedMap;
import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectPage;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The storages of an engine by the scheme that they serve, and the copying between them and this
 * host's files.
 */
public final class Storages {
  private static final int PAGE = 1_000;

  private final ImmutableSortedMap<String, Storage> byScheme;

  /** Storages by scheme. */
  public Storages(Map<String, Storage> byScheme) {
    this.byScheme = ImmutableSortedMap.copyOf(byScheme);
  }

  /** The schemes that are served, in order. */
  public Set<String> schemes() {
    return byScheme.keySet();
  }

  /** The storage of a URI. */
  public Storage of(StoreUri uri) {
    Storage storage = byScheme.get(uri.scheme());
    if (storage == null) {
      throw new StorageException(
          StorageException.Code.FAILED, uri, "no storage serves this scheme", null);
    }
    return storage;
  }

  /** Is told of each object of a listing. */
  @FunctionalInterface
  interface ObjectVisitor {
    void visit(ObjectInfo object) throws IOException, StagingException;
  }

  /** Visits all objects below a folder. */
  void forEach(StoreUri folder, ObjectVisitor visitor) throws IOException, StagingException {
    Storage storage = of(folder);
    Optional<String> after = Optional.empty();
    do {
      ObjectPage page = storage.list(folder, after, PAGE);
      for (ObjectInfo object : page.objects()) {
        visitor.visit(object);
      }
      after = page.next();
    } while (after.isPresent());
  }

  /** Copies an object to a new file; gives back its size. */
  long download(StoreUri object, Path file) throws IOException {
    try (InputStream in = of(object).read(object, 0)) {
      return Files.copy(in, file);
    }
  }

  /** Copies a file to an object that nobody sees yet. */
  ObjectUpload upload(Path file, StoreUri object) throws IOException {
    ObjectUpload upload = of(object).write(object);
    try (OutputStream out = upload.body();
        InputStream in = Files.newInputStream(file)) {
      in.transferTo(out);
    } catch (IOException | RuntimeException e) {
      upload.close();
      throw e;
    }
    return upload;
  }
}
