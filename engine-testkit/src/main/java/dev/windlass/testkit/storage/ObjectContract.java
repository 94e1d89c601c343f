package dev.windlass.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.testkit.contract.Sentence;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The sentences about single objects. */
abstract class ObjectContract extends StorageTrial {

  private static final int LARGE_BYTES = 5_000_003;

  @Test
  @Sentence(Sentences.POSITION)
  void anObjectIsReadBackByteForByte() {
    byte[] content = new byte[LARGE_BYTES];
    new Random(1).nextBytes(content);
    put("large", content);
    assertThat(bytes(storage, at("large"), 0)).isEqualTo(content);
    assertThat(storage.stat(at("large")).orElseThrow().size()).isEqualTo(LARGE_BYTES);
  }

  @Test
  @Sentence("length in bytes, at least 0")
  void anEmptyObjectIsAnObject() {
    put("empty", "");
    assertThat(storage.stat(at("empty")).orElseThrow().size()).isZero();
    assertThat(content("empty")).isEmpty();
    assertThat(keys()).containsExactly("empty");
  }

  @Test
  @Sentence("what the store says, or empty if there is no such object")
  void lookingAtWhatIsNotThereIsEmpty() {
    put("a/b", "x");
    assertThat(storage.stat(at("missing"))).isEmpty();
    assertThat(storage.stat(at("missing/below"))).isEmpty();
    assertThat(storage.stat(at("a"))).as("a folder is no object").isEmpty();
    assertThat(storage.stat(at("a/b/c"))).as("nothing lies below an object").isEmpty();
  }

  @Test
  @Sentence("A store holds objects only.")
  void aFolderIsNoObject() {
    put("a/b", "x");
    assertThat(storage.stat(at("a"))).isEmpty();
    assertThat(keys()).containsExactly("a/b");
  }

  @Test
  @Sentence("NOT_FOUND if there is no such object; others if it cannot be read")
  void readingWhatIsNotThereIsNotFound() {
    put("a/b", "x");
    assertRefused(Code.NOT_FOUND, () -> storage.read(at("missing"), 0));
    assertRefused(Code.NOT_FOUND, () -> storage.read(at("a"), 0));
    assertRefused(Code.NOT_FOUND, () -> storage.read(at("a/b/c"), 0));
  }

  @Test
  @Sentence("where to begin, in bytes; at the object's end the stream is empty")
  void readingBeginsAtThePositionAndGoesToTheEnd() {
    put("a", "0123456789");
    assertThat(bytes(storage, at("a"), 7)).asString(StandardCharsets.UTF_8).isEqualTo("789");
    assertThat(bytes(storage, at("a"), 10)).as("at the end").isEmpty();
  }

  @Test
  @Sentence("if the URI names a folder, or the offset is negative or beyond the end")
  void aPositionBelowZeroOrBeyondTheEndIsRefused() {
    put("a", "0123456789");
    assertThatIllegalArgumentException().isThrownBy(() -> storage.read(at("a"), -1));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.read(at("a"), 11));
  }

  @Test
  @Sentence("if the URI names a folder")
  void aFolderIsRefusedWhereAnObjectIsAskedFor() {
    assertThatIllegalArgumentException().isThrownBy(() -> storage.stat(folder));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.read(folder, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.write(folder));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.delete(folder));
  }

  @Test
  @Sentence(Sentences.REMOVES)
  void removingAnObjectRemovesItAndNoOther() {
    List<String> others = List.of("a/B-", "a/b-", "a/bc", "a/c", "a0");
    put("a/b", "x");
    others.forEach(key -> put(key, "y"));
    storage.delete(at("a/b"));
    assertThat(storage.stat(at("a/b"))).isEmpty();
    assertThat(keys()).isEqualTo(others);
  }

  @Test
  @Sentence(Sentences.REMOVES_NOTHING)
  void removingWhatIsNotThereDoesNothing() {
    put("a/b", "x");
    storage.delete(at("missing"));
    storage.delete(at("missing/below"));
    storage.delete(at("a"));
    storage.delete(at("a/b/c"));
    assertThat(content("a/b")).isEqualTo("x");
  }

  @Test
  @Sentence(Sentences.UNSEEN)
  void anUploadIsSeenByNobodyBeforeItsCommit() {
    try (ObjectUpload upload = storage.write(at("a"))) {
      fill(upload, new byte[LARGE_BYTES]);
      assertThat(storage.stat(at("a"))).isEmpty();
      assertThat(keys()).isEmpty();
      upload.commit();
    }
    assertThat(keys()).containsExactly("a");
  }

  @Test
  @Sentence(Sentences.GIVEN_UP)
  void anUploadThatIsClosedWithoutCommitLeavesNothing() {
    try (ObjectUpload upload = storage.write(at("f/a"))) {
      fill(upload, new byte[LARGE_BYTES]);
    }
    assertThat(storage.stat(at("f/a"))).isEmpty();
    assertThat(keys()).isEmpty();
  }

  @Test
  @Sentence(Sentences.GIVEN_UP)
  void anUploadThatIsClosedWithoutCommitLeavesTheOldContent() {
    ObjectInfo old = put("a", "old");
    try (ObjectUpload upload = storage.write(at("a"))) {
      fill(upload, new byte[100]);
    }
    assertThat(storage.stat(at("a"))).contains(old);
    assertThat(content("a")).isEqualTo("old");
  }

  @Test
  @Sentence("the same stream at every call")
  void theBodyIsTheSameStreamAtEveryCall() {
    try (ObjectUpload upload = storage.write(at("a"))) {
      assertThat(upload.body()).isSameAs(upload.body());
    }
  }

  @Test
  @Sentence("closing it ends the content but publishes nothing.")
  void closingTheBodyPublishesNothing() throws IOException {
    try (ObjectUpload upload = storage.write(at("a"))) {
      fill(upload, new byte[10]);
      upload.body().close();
      assertThat(storage.stat(at("a"))).isEmpty();
      assertThat(upload.commit().size()).isEqualTo(10);
    }
  }

  @Test
  @Sentence("what the store now says about the object")
  void aCommitSaysWhatTheStoreNowSays() {
    ObjectInfo committed = put("a", "content");
    assertThat(committed.uri()).isEqualTo(at("a"));
    assertThat(committed.size()).isEqualTo(7);
    assertThat(storage.stat(at("a"))).contains(committed);
    assertThat(storage.list(folder, Optional.empty(), 1).objects()).containsExactly(committed);
  }

  @Test
  @Sentence(Sentences.COMMIT)
  void aCommitReplacesWhatWasThere() {
    put("a", "a long old content");
    put("a", "new");
    assertThat(content("a")).isEqualTo("new");
    assertThat(keys()).containsExactly("a");
  }

  @Test
  @Sentence(Sentences.COMMIT_ONCE)
  void aSecondCommitIsRefused() {
    try (ObjectUpload upload = storage.write(at("a"))) {
      upload.commit();
      assertThatIllegalStateException().isThrownBy(upload::commit);
    }
  }

  @Test
  @Sentence(Sentences.COMMIT_ONCE)
  void aCommitAfterCloseIsRefused() {
    ObjectUpload upload = storage.write(at("a"));
    upload.close();
    assertThatIllegalStateException().isThrownBy(upload::commit);
    assertThat(storage.stat(at("a"))).isEmpty();
  }

  @Test
  @Sentence("Idempotent.")
  void closingAnUploadAgainDoesNothing() {
    ObjectUpload upload = storage.write(at("a"));
    fill(upload, new byte[3]);
    upload.commit();
    upload.close();
    upload.close();
    assertThat(storage.stat(at("a")).orElseThrow().size()).isEqualTo(3);
  }

  @Test
  @Sentence(Sentences.NEW_VERSION)
  void theVersionChangesWhenContentIsReplaced() {
    Set<String> versions = new HashSet<>();
    for (int i = 10; i < 60; i++) {
      // Of one length, as fast as it goes, and sometimes deleted in between.
      assertThat(versions.add(put("a", "content " + i).version())).as("new at " + i).isTrue();
      if (i % 3 == 0) {
        storage.delete(at("a"));
      }
    }
  }

  @Test
  @Sentence(Sentences.VERSION)
  void theVersionStaysWhileContentIsNotReplaced() {
    String version = put("a", "content").version();
    content("a");
    put("b", "another");
    keys();
    assertThat(storage.stat(at("a")).orElseThrow().version()).isEqualTo(version);
  }
}
