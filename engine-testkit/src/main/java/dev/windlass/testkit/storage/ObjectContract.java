package dev.windlass.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.StorageException.Code;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The sentences about single objects. */
abstract class ObjectContract extends StorageTrial {

  private static final int LARGE_BYTES = 5_000_003;

  @Test
  void anObjectIsReadBackByteForByte() {
    byte[] content = new byte[LARGE_BYTES];
    new Random(1).nextBytes(content);
    put("large", content);
    assertThat(bytes(storage, at("large"), 0)).isEqualTo(content);
    assertThat(storage.stat(at("large")).orElseThrow().size()).isEqualTo(LARGE_BYTES);
  }

  @Test
  void anEmptyObjectIsAnObject() {
    put("empty", "");
    assertThat(storage.stat(at("empty")).orElseThrow().size()).isZero();
    assertThat(content("empty")).isEmpty();
    assertThat(keys()).containsExactly("empty");
  }

  @Test
  void lookingAtWhatIsNotThereIsEmpty() {
    put("a/b", "x");
    assertThat(storage.stat(at("missing"))).isEmpty();
    assertThat(storage.stat(at("missing/below"))).isEmpty();
    assertThat(storage.stat(at("a"))).as("a folder is no object").isEmpty();
    assertThat(storage.stat(at("a/b/c"))).as("nothing lies below an object").isEmpty();
  }

  @Test
  void readingWhatIsNotThereIsNotFound() {
    put("a/b", "x");
    assertRefused(Code.NOT_FOUND, () -> storage.read(at("missing"), 0));
    assertRefused(Code.NOT_FOUND, () -> storage.read(at("a"), 0));
    assertRefused(Code.NOT_FOUND, () -> storage.read(at("a/b/c"), 0));
  }

  @Test
  void readingBeginsAtThePositionAndGoesToTheEnd() {
    put("a", "0123456789");
    assertThat(bytes(storage, at("a"), 7)).asString(StandardCharsets.UTF_8).isEqualTo("789");
    assertThat(bytes(storage, at("a"), 10)).as("at the end").isEmpty();
  }

  @Test
  void aPositionBelowZeroOrBeyondTheEndIsRefused() {
    put("a", "0123456789");
    assertThatIllegalArgumentException().isThrownBy(() -> storage.read(at("a"), -1));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.read(at("a"), 11));
  }

  @Test
  void aFolderIsRefusedWhereAnObjectIsAskedFor() {
    assertThatIllegalArgumentException().isThrownBy(() -> storage.stat(folder));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.read(folder, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.write(folder));
    assertThatIllegalArgumentException().isThrownBy(() -> storage.delete(folder));
  }

  @Test
  void removingAnObjectRemovesItAndNoOther() {
    put("a/b", "x");
    put("a/c", "y");
    storage.delete(at("a/b"));
    assertThat(storage.stat(at("a/b"))).isEmpty();
    assertThat(keys()).containsExactly("a/c");
  }

  @Test
  void removingWhatIsNotThereDoesNothing() {
    put("a/b", "x");
    storage.delete(at("missing"));
    storage.delete(at("missing/below"));
    storage.delete(at("a"));
    storage.delete(at("a/b/c"));
    assertThat(content("a/b")).isEqualTo("x");
  }

  @Test
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
  void anUploadThatIsClosedWithoutCommitLeavesNothing() {
    try (ObjectUpload upload = storage.write(at("f/a"))) {
      fill(upload, new byte[LARGE_BYTES]);
    }
    assertThat(storage.stat(at("f/a"))).isEmpty();
    assertThat(keys()).isEmpty();
  }

  @Test
  void anUploadThatIsClosedWithoutCommitLeavesTheOldContent() {
    ObjectInfo old = put("a", "old");
    try (ObjectUpload upload = storage.write(at("a"))) {
      fill(upload, new byte[100]);
    }
    assertThat(storage.stat(at("a"))).contains(old);
    assertThat(content("a")).isEqualTo("old");
  }

  @Test
  void theBodyIsTheSameStreamAtEveryCall() {
    try (ObjectUpload upload = storage.write(at("a"))) {
      assertThat(upload.body()).isSameAs(upload.body());
    }
  }

  @Test
  void closingTheBodyPublishesNothing() throws IOException {
    try (ObjectUpload upload = storage.write(at("a"))) {
      fill(upload, new byte[10]);
      upload.body().close();
      assertThat(storage.stat(at("a"))).isEmpty();
      assertThat(upload.commit().size()).isEqualTo(10);
    }
  }

  @Test
  void aCommitSaysWhatTheStoreNowSays() {
    ObjectInfo committed = put("a", "content");
    assertThat(committed.uri()).isEqualTo(at("a"));
    assertThat(committed.size()).isEqualTo(7);
    assertThat(storage.stat(at("a"))).contains(committed);
    assertThat(storage.list(folder, Optional.empty(), 1).objects()).containsExactly(committed);
  }

  @Test
  void aCommitReplacesWhatWasThere() {
    put("a", "a long old content");
    put("a", "new");
    assertThat(content("a")).isEqualTo("new");
    assertThat(keys()).containsExactly("a");
  }

  @Test
  void aSecondCommitIsRefused() {
    try (ObjectUpload upload = storage.write(at("a"))) {
      upload.commit();
      assertThatIllegalStateException().isThrownBy(upload::commit);
    }
  }

  @Test
  void aCommitAfterCloseIsRefused() {
    ObjectUpload upload = storage.write(at("a"));
    upload.close();
    assertThatIllegalStateException().isThrownBy(upload::commit);
    assertThat(storage.stat(at("a"))).isEmpty();
  }

  @Test
  void closingAnUploadAgainDoesNothing() {
    ObjectUpload upload = storage.write(at("a"));
    fill(upload, new byte[3]);
    upload.commit();
    upload.close();
    upload.close();
    assertThat(storage.stat(at("a")).orElseThrow().size()).isEqualTo(3);
  }

  @Test
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
  void theVersionStaysWhileContentIsNotReplaced() {
    String version = put("a", "content").version();
    content("a");
    put("b", "another");
    keys();
    assertThat(storage.stat(at("a")).orElseThrow().version()).isEqualTo(version);
  }

  @Test
  void aLocalPathHoldsWhatReadingGives() throws IOException {
    put("f/a", "content");
    Optional<Path> path = storage.localPath(at("f/a"));
    if (path.isPresent()) {
      assertThat(path.get()).isAbsolute();
      assertThat(Files.readString(path.get())).isEqualTo("content");
      assertThat(storage.localPath(at("f/")).orElseThrow()).isEqualTo(path.get().getParent());
    }
  }
}
