package dev.windlass.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.testkit.contract.Sentence;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * The contract of {@link Storage} with the sentences about a store that breaks off and does not
 * answer. For the author of a storage whose store can be made to fail, by a proxy before its server
 * for example; who cannot extends {@link StorageContract}.
 */
public abstract class FaultyStorageContract extends StorageContract {

  /** Moved by none that breaks off. */
  private static final int LARGE_BYTES = 1_000_000;

  /** For subclasses. */
  protected FaultyStorageContract() {}

  /**
   * Opens a storage on the store under test that a fault keeps from it.
   *
   * @param fault what is to happen
   * @return the storage, which the suite closes
   */
  protected abstract Storage openFaulty(StoreFault fault);

  @Test
  @Sentence(Sentences.BREAKS_OFF)
  void aReadThatBreaksOffNeverEndsAsIfItWereComplete() {
    try (Storage faulty = openFaulty(StoreFault.BREAKS_OFF)) {
      put("a", new byte[LARGE_BYTES]);
      for (int position : List.of(0, 1, LARGE_BYTES / 2)) {
        Throwable failure = catchThrowable(() -> readToEnd(faulty, position));
        assertThat(failure)
            .as("the end of a read from %d that breaks off", position)
            .isInstanceOfAny(IOException.class, StorageException.class);
      }
    }
  }

  private void readToEnd(Storage faulty, int position) throws IOException {
    try (InputStream in = faulty.read(at("a"), position)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  @Test
  @Sentence(
      "After an exception the object is either as it was before or wholly replaced, never in"
          + " between.")
  void anUploadThatBreaksOffLeavesTheOldContent() {
    try (Storage faulty = openFaulty(StoreFault.BREAKS_OFF)) {
      ObjectInfo old = put("old", "old");
      for (String key : List.of("old", "new")) {
        assertThat(catchThrowable(() -> put(faulty, at(key), new byte[LARGE_BYTES])))
            .as("the failure of an upload that breaks off")
            .isInstanceOfAny(UncheckedIOException.class, StorageException.class);
      }
      assertThat(storage.stat(at("old"))).contains(old);
      assertThat(content("old")).isEqualTo("old");
      assertThat(keys()).as("keys after two broken uploads").containsExactly("old");
    }
  }

  @Test
  @Sentence(Sentences.AFTER_FAILURE)
  void anUploadThatFailedCannotBeCommitted() {
    try (Storage faulty = openFaulty(StoreFault.BREAKS_OFF);
        ObjectUpload upload = faulty.write(at("a"))) {
      Throwable failure = catchThrowable(() -> fill(upload, new byte[LARGE_BYTES]));
      Throwable refusal = catchThrowable(upload::commit);
      // A storage that keeps back what is written finds out only now.
      assertThat(failure == null ? refusal : failure).as("the failure of the upload").isNotNull();
      assertThat(refusal)
          .as("the answer to a commit after the failure")
          .isInstanceOfAny(StorageException.class, IllegalStateException.class);
    }
    assertThat(keys()).isEmpty();
  }

  @Test
  @Sentence(Sentences.UNAVAILABLE)
  void aStoreThatDoesNotAnswerIsUnavailable() {
    put("a", "there");
    try (Storage faulty = openFaulty(StoreFault.DOES_NOT_ANSWER)) {
      for (String key : List.of("a", "missing")) {
        assertUnavailable(() -> faulty.stat(at(key)));
        assertUnavailable(() -> readAll(faulty, key));
        assertUnavailable(() -> faulty.delete(at(key)));
        assertUnavailable(() -> put(faulty, at(key), new byte[1]));
      }
      assertUnavailable(() -> faulty.list(folder, Optional.empty(), 10));
    }
    assertThat(content("a")).isEqualTo("there");
    assertThat(keys()).containsExactly("a");
  }

  private void readAll(Storage from, String key) {
    bytes(from, at(key), 0);
  }

  private static void assertUnavailable(ThrowingCallable call) {
    assertRefused(Code.UNAVAILABLE, call);
  }
}
