package dev.windlass.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import dev.windlass.testkit.contract.Sentence;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The sentences about several threads and processes at once, interruption and close. */
abstract class ConsistencyContract extends PlaceContract {

  private static final int ROUNDS = 60;

  @Test
  @Sentence(Sentences.READ_AFTER_WRITE)
  void everyOtherStorageOfTheStoreSeesAnEffectAtOnce() {
    try (Storage other = open()) {
      ObjectInfo info = put("a", "one");
      assertThat(other.stat(at("a"))).contains(info);
      put(other, at("a"), new byte[] {'2'});
      assertThat(content("a")).isEqualTo("2");
      other.delete(at("a"));
      assertThat(storage.stat(at("a"))).isEmpty();
      assertThat(keys()).isEmpty();
    }
  }

  @Test
  @Sentence(
      "When this returns, every later stat, read and list sees the new content, and it survives a crash of this process and, as far as the store can promise that, of the store.")
  void whatWasCommittedOutlivesItsStorage() {
    ObjectInfo info = put("f/a", "content");
    storage.close();
    storage = open();
    assertThat(storage.stat(at("f/a"))).contains(info);
    assertThat(content("f/a")).isEqualTo("content");
  }

  @Test
  @Sentence(Sentences.UNSEEN)
  void anUploadThatNobodyFinishedIsSeenByNoLaterStorage() {
    ObjectUpload upload = storage.write(at("f/a"));
    fill(upload, new byte[100_000]);
    storage.close();
    storage = open();
    assertThat(keys()).isEmpty();
  }

  @Test
  @Sentence(Sentences.AFTER_CLOSE)
  void anUploadCannotBeCommittedOnceItsStorageIsClosed() {
    try (ObjectUpload upload = storage.write(at("a"))) {
      storage.close();
      assertThatIllegalStateException().isThrownBy(upload::commit);
    }
    storage = open();
    assertThat(keys()).isEmpty();
  }

  @Test
  @Sentence(Sentences.NO_MIXTURE)
  void aReaderSeesOldOrNewContentNeverAMixture() {
    int size = 300_000;
    put("a", new byte[size]);
    try (Crowd crowd = new Crowd()) {
      crowd.once(
          () -> {
            for (int i = 1; i <= ROUNDS; i++) {
              byte[] content = new byte[size];
              Arrays.fill(content, (byte) i);
              put("a", content);
            }
          });
      crowd.meanwhile(() -> assertWhole(bytes(storage, at("a"), 0), size));
      crowd.meanwhile(() -> assertThat(storage.stat(at("a")).orElseThrow().size()).isEqualTo(size));
    }
  }

  private static void assertWhole(byte[] content, int size) {
    assertThat(content).hasSize(size);
    byte[] same = new byte[size];
    Arrays.fill(same, content[0]);
    assertThat(content).isEqualTo(same);
  }

  @Test
  @Sentence(Sentences.BREAKS_OFF)
  void aReaderThatBeganBeforeADeletionSeesTheOldContentOrFails() throws Exception {
    byte[] content = new byte[500_000];
    put("a", content);
    try (InputStream in = storage.read(at("a"), 0)) {
      storage.delete(at("a"));
      assertThat(in.readAllBytes()).hasSize(content.length);
    } catch (IOException | StorageException e) {
      assertThat(e).as("a failure is allowed, a short end is not").isNotNull();
    }
  }

  @Test
  @Sentence(
      "A listing that runs beside writers MUST contain every object that existed throughout it, each once.")
  void aListingBesideWritersHasEveryObjectThatExistedThroughoutOnce() {
    List<String> lasting = IntStream.range(10, 60).mapToObj(i -> "f/" + i + "/lasting").toList();
    lasting.forEach(key -> put(key, "x"));
    try (Crowd crowd = new Crowd()) {
      crowd.once(() -> repeat(i -> put(lasting.get(i % lasting.size()), "replaced")));
      crowd.once(
          () ->
              repeat(
                  i -> {
                    put("f/" + i + "-passing", "x");
                    storage.delete(at("f/" + i + "-passing"));
                  }));
      crowd.meanwhile(
          () ->
              assertThat(keysBelow("f/", 7))
                  .doesNotHaveDuplicates()
                  .isSortedAccordingTo(StoreUri.keyOrder())
                  .containsAll(lasting));
    }
  }

  @Test
  @Sentence("All methods may be called from several threads at once and may block.")
  void deletingTheLastObjectOfAFolderDisturbsNoWriterThere() {
    try (Crowd crowd = new Crowd()) {
      for (String name : List.of("one", "two", "three")) {
        crowd.once(
            () ->
                repeat(
                    i -> {
                      put("deep/er/" + name, name);
                      assertThat(content("deep/er/" + name)).isEqualTo(name);
                      storage.delete(at("deep/er/" + name));
                    }));
      }
    }
    assertThat(keys()).isEmpty();
  }

  @Test
  @Sentence(Sentences.WHOLE)
  void ofWritersAtOnceOneWinsWhole() {
    try (Crowd crowd = new Crowd()) {
      for (char c = 'a'; c < 'e'; c++) {
        String content = String.valueOf(c).repeat(50_000);
        crowd.once(() -> IntStream.range(0, ROUNDS / 4).forEach(i -> put("a", content)));
      }
    }
    assertWhole(bytes(storage, at("a"), 0), 50_000);
  }

  /** Writes only once all others have begun too: by chance alone they might not meet. */
  private void putTogether(String key, byte[] content, CountDownLatch allHaveBegun) {
    try (ObjectUpload upload = begin(key, allHaveBegun)) {
      Uninterruptibles.awaitUninterruptibly(allHaveBegun);
      fill(upload, content);
      upload.commit();
    }
  }

  private ObjectUpload begin(String key, CountDownLatch allHaveBegun) {
    try {
      return storage.write(at(key));
    } finally {
      allHaveBegun.countDown(); // also after a failure, for which nobody is to wait
    }
  }

  /** Each writes bytes of its own kind and number, so that a mixture shows. */
  @Property(tries = TRIES)
  @Sentence(Sentences.WHOLE)
  void writersAtOnceLeaveWholeObjects(
      @ForAll @Size(max = 8) List<@IntRange(max = 60_000) Integer> sizes) {
    List<byte[]> contents = new ArrayList<>();
    for (int size : sizes) {
      byte[] content = new byte[size + contents.size()];
      Arrays.fill(content, (byte) contents.size());
      contents.add(content);
    }
    CountDownLatch allHaveBegun = new CountDownLatch(contents.size());
    try (Crowd crowd = new Crowd()) {
      IntStream.range(0, contents.size())
          .forEach(
              i -> crowd.once(() -> putTogether("object-" + i % 3, contents.get(i), allHaveBegun)));
    }
    for (String key : keys()) {
      byte[] found = bytes(storage, at(key), 0);
      assertThat(contents).as("what was written").anyMatch(one -> Arrays.equals(one, found));
    }
    assertThat(keys()).hasSize(Math.min(3, sizes.size()));
  }

  @Test
  @Sentence(
      "Interruption of the calling thread SHOULD end a call soon, with UNAVAILABLE and the thread's interrupt flag set.")
  void anInterruptedCallAnswersOrIsUnavailableAndKeepsTheFlag() {
    put("a", "old");
    try (ObjectUpload upload = storage.write(at("a"))) {
      fill(upload, new byte[] {'n', 'e', 'w'});
      Thread.currentThread().interrupt();
      try {
        upload.commit();
      } catch (StorageException e) {
        assertThat(e.code()).isEqualTo(Code.UNAVAILABLE);
      }
      assertThat(Thread.interrupted()).as("the interrupt flag").isTrue();
    } finally {
      Thread.interrupted();
    }
    assertThat(content("a")).isIn("old", "new");
  }

  @Test
  @Sentence(Sentences.AFTER_CLOSE)
  void afterCloseEveryOtherMethodIsRefused() {
    storage.close();
    storage.close();
    assertThatIllegalStateException().isThrownBy(() -> storage.stat(at("a")));
    assertThatIllegalStateException().isThrownBy(() -> storage.read(at("a"), 0));
    assertThatIllegalStateException().isThrownBy(() -> storage.write(at("a")));
    assertThatIllegalStateException().isThrownBy(() -> storage.delete(at("a")));
    assertThatIllegalStateException().isThrownBy(() -> storage.list(folder, Optional.empty(), 1));
  }

  private static void repeat(IntConsumer round) {
    IntStream.range(0, ROUNDS).forEach(round);
  }
}
