package dev.windlass.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectPage;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import dev.windlass.testkit.contract.SentenceOfProperty;
import dev.windlass.testkit.contract.SentenceOfTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What each test has at hand: a storage, an empty folder in its store, and short words for both.
 */
@ExtendWith(SentenceOfTest.class)
@AddLifecycleHook(SentenceOfProperty.class)
abstract class StorageTrial {

  /** How often a property is tried where nobody says otherwise. */
  static final int TRIES = 100;

  private static final int PAGE = 1_000;

  /** The storage under test. */
  Storage storage;

  /** A folder of this try alone; empty at its beginning. */
  StoreUri folder;

  /**
   * Opens a storage on the store under test. Called several times: all storages opened by one test
   * object are of the same store.
   *
   * @return the storage; the suite closes it
   */
  protected abstract Storage open();

  /**
   * A folder of the store that the suite may write to. It makes a new folder there for each try and
   * removes what it wrote.
   *
   * @return the folder, the same at each call
   */
  protected abstract StoreUri root();

  /** Jupiter calls this before a test, jqwik before each try of a property. */
  @BeforeEach
  @BeforeTry
  final void begin() {
    storage = open();
    folder = root().resolve("try-" + UUID.randomUUID() + "/");
  }

  /** Leaves the store as it was. */
  @AfterEach
  @AfterTry
  final void end() {
    storage.close();
    try (Storage fresh = open()) {
      listAll(fresh, folder, PAGE).forEach(info -> fresh.delete(info.uri()));
    }
  }

  final StoreUri at(String key) {
    return folder.resolve(key);
  }

  final ObjectInfo put(String key, String content) {
    return put(key, content.getBytes(StandardCharsets.UTF_8));
  }

  final ObjectInfo put(String key, byte[] content) {
    return put(storage, at(key), content);
  }

  static ObjectInfo put(Storage storage, StoreUri object, byte[] content) {
    try (ObjectUpload upload = storage.write(object)) {
      fill(upload, content);
      return upload.commit();
    }
  }

  static void fill(ObjectUpload upload, byte[] content) {
    try {
      upload.body().write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  final String content(String key) {
    return new String(bytes(storage, at(key), 0), StandardCharsets.UTF_8);
  }

  static byte[] bytes(Storage storage, StoreUri object, long offset) {
    try (InputStream in = storage.read(object, offset)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The keys below the try's folder, relative to it, in the order of the listing. */
  final List<String> keys() {
    return keysBelow("", PAGE);
  }

  /** The keys below a folder of the try, relative to the try's folder. */
  final List<String> keysBelow(String prefix, int limit) {
    StoreUri below = prefix.isEmpty() ? folder : at(prefix);
    return listAll(storage, below, limit).stream()
        .map(info -> folder.relativize(info.uri()))
        .toList();
  }

  /** All pages of a listing, one after the other. */
  static List<ObjectInfo> listAll(Storage storage, StoreUri folder, int limit) {
    List<ObjectInfo> all = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      ObjectPage page = storage.list(folder, after, limit);
      assertThat(page.objects()).hasSizeLessThanOrEqualTo(limit);
      all.addAll(page.objects());
      after = page.next();
    } while (after.isPresent());
    return all;
  }

  static void assertRefused(Code code, ThrowingCallable call) {
    StorageException refusal = catchThrowableOfType(StorageException.class, call);
    assertThat(refusal).as("a StorageException").isNotNull();
    assertThat(refusal.code()).isEqualTo(code);
  }

  /** Writes unless the store refuses the name, which is the only other thing it may do. */
  final boolean putUnlessRefused(String key, String content) {
    try {
      put(key, content);
      return true;
    } catch (StorageException e) {
      assertThat(e.code()).isEqualTo(Code.INVALID_NAME);
      return false;
    }
  }
}
