package dev.windlass.testkit.assertion;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.AbstractAssert;

/** Assertions about an object of a storage. */
public final class StoredObjectAssert extends AbstractAssert<StoredObjectAssert, ObjectInfo> {
  private final StorageAssert all;
  private final Storage storage;

  StoredObjectAssert(StorageAssert all, Storage storage, ObjectInfo info) {
    super(info, StoredObjectAssert.class);
    this.all = all;
    this.storage = storage;
  }

  /**
   * It holds exactly this.
   *
   * @param text the whole content, read as UTF-8
   * @return this
   */
  public StoredObjectAssert withContent(String text) {
    String content = content();
    if (!content.equals(text)) {
      throw failureWithActualExpected(
          content,
          text,
          "%s",
          actual.uri() + " should hold '" + text + "' but holds '" + content + "'");
    }
    return this;
  }

  /**
   * It holds this somewhere.
   *
   * @param part of the content, read as UTF-8
   * @return this
   */
  public StoredObjectAssert withContentContaining(String part) {
    String content = content();
    if (!content.contains(part)) {
      throw failure(
          "%s", actual.uri() + " should contain '" + part + "' but holds '" + content + "'");
    }
    return this;
  }

  private String content() {
    try (InputStream in = storage.read(actual.uri(), 0)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Goes back to the storage.
   *
   * @return assertions about the storage
   */
  public StorageAssert and() {
    return all;
  }
}
