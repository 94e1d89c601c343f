package dev.windlass.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StoreUri;
import dev.windlass.testkit.contract.Sentence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The sentences about where objects lie: under their own name, and nowhere else. */
abstract class PlaceContract extends TransferContract {

  /** What somebody who decodes, folds or trims would take for the folder above. */
  private static final List<String> ABOVE =
      List.of("%2e%2e/", "%2E%2E%2F", "..%2f", "..\\", "\uff0e\uff0e/", ".. /", "..;/", ".%00./");

  private static final List<Integer> PAGES = List.of(100, 1_000, 10_000);

  abstract int many();

  @Test
  @Sentence(Sentences.INSIDE)
  void noNameLeadsOutOfItsFolder() {
    String name = "outside-" + UUID.randomUUID();
    StoreUri outside = root().resolve(name);
    ObjectInfo before = put(storage, outside, new byte[] {1});
    try {
      for (String above : ABOVE) {
        boolean taken = putUnlessRefused(above + name, "inside");
        assertThat(storage.stat(outside)).as("what lies outside of %s", above).contains(before);
        if (taken) {
          assertThat(content(above + name)).isEqualTo("inside");
          storage.delete(at(above + name));
        }
        assertThat(storage.stat(outside)).as("what lies outside of %s", above).contains(before);
      }
    } finally {
      storage.delete(outside);
    }
  }

  @Property(tries = TRIES)
  @Sentence(Sentences.APART)
  void anObjectOfAnyNameIsFoundUnderItAloneOrRefused(@ForAll("anyKeys") String key) {
    put("other", "other");
    if (putUnlessRefused(key, "any")) {
      assertThat(content(key)).isEqualTo("any");
      assertThat(keys()).containsExactlyInAnyOrder("other", key);
      storage.delete(at(key));
    }
    assertThat(keys()).containsExactly("other");
    assertThat(content("other")).isEqualTo("other");
  }

  @Provide
  Arbitrary<String> anyKeys() {
    return Arbitraries.strings()
        .all()
        .ofMinLength(1)
        .ofMaxLength(20)
        .filter(PlaceContract::isKey)
        .filter(key -> !key.startsWith("other"));
  }

  private static boolean isKey(String key) {
    try {
      return !new StoreUri("any", "bucket", key).isFolder();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Test
  @Sentence("how many objects at most, 1 to 10,000; a store may return fewer although more follow")
  void manyObjectsAreListedWholeInPagesOfAnySize() {
    List<String> written =
        IntStream.range(0, many()).mapToObj(i -> "f%02d/%05d".formatted(i % 7, i)).toList();
    written.forEach(key -> put(key, "x"));
    for (int limit : PAGES) {
      assertThat(keysBelow("", limit))
          .as("pages of %d", limit)
          .isEqualTo(written.stream().sorted(StoreUri.keyOrder()).toList());
    }
  }

  @Test
  @Sentence(Sentences.LOCAL_PATH)
  void aLocalPathHoldsWhatReadingGives() throws IOException {
    put("f/a", "content");
    if (!offersPaths()) {
      return;
    }
    assertThat(localPath("f/a")).hasContent("content");
    assertThat(localPath("f/")).isEqualTo(localPath("f/a").getParent());
    put("f/a", "replaced");
    assertThat(localPath("f/a")).hasContent("replaced");
    storage.delete(at("f/a"));
    assertThat(localPath("f/a")).doesNotExist();
  }

  @Test
  @Sentence("an absolute path that need not exist yet, or empty if there is none")
  void aLocalPathIsAbsoluteAndNeedNotExist() {
    if (offersPaths()) {
      assertThat(localPath("f/missing")).isAbsolute().doesNotExist();
    }
  }

  /** Says whether the store is a directory of this host; one that is not offers no path at all. */
  private boolean offersPaths() {
    boolean offers = storage.localPath(at("f/")).isPresent();
    if (!offers) {
      assertThat(storage.localPath(at("f/a"))).as("a path for f/a, and none for f/").isEmpty();
    }
    return offers;
  }

  private Path localPath(String key) {
    return storage.localPath(at(key)).orElseThrow();
  }

  @Test
  @Sentence(Sentences.INSIDE)
  void aLinkOutOfTheStoreIsNotFollowed() throws IOException {
    besideLinks(
        outside -> {
          for (String key : List.of("f/link/secret", "f/direct")) {
            assertOutOfReach(key, outside.resolve("secret"));
          }
          refusedOrNothing(() -> put("f/link/new", "inside"));
          assertThat(outside.toFile().list()).containsExactly("secret");
          assertThat(keys()).containsExactly("f/a");
        });
  }

  @Test
  @Sentence("if the name leads outside the root")
  void noLocalPathLeadsOverALinkOutOfTheStore() throws IOException {
    besideLinks(
        outside -> {
          for (String key : List.of("f/link/secret", "f/direct")) {
            assertThat(catchThrowable(() -> storage.localPath(at(key))))
                .as("the answer to a local path of %s", key)
                .isInstanceOf(StorageException.class);
          }
        });
  }

  /** Two links out of the store: to a directory, and to the file 'secret' in it. */
  private void besideLinks(Consumer<Path> checks) throws IOException {
    put("f/a", "x");
    if (!offersPaths()) {
      return; // links need a directory
    }
    Path folderPath = localPath("f/");
    Path outside = Files.createTempDirectory("windlass-contract");
    Path secret = Files.writeString(outside.resolve("secret"), "outside");
    Path link = Files.createSymbolicLink(folderPath.resolve("link"), outside);
    Path direct = Files.createSymbolicLink(folderPath.resolve("direct"), secret);
    try {
      checks.accept(outside);
    } finally {
      Files.delete(link);
      Files.delete(direct);
      Files.deleteIfExists(outside.resolve("new"));
      Files.deleteIfExists(secret);
      Files.delete(outside);
    }
  }

  private void assertOutOfReach(String key, Path secret) {
    assertThat(catchThrowable(() -> storage.read(at(key), 0).close()))
        .as("the answer to a read of %s", key)
        .isInstanceOf(StorageException.class);
    refusedOrNothing(() -> assertThat(storage.stat(at(key))).isEmpty());
    refusedOrNothing(() -> storage.delete(at(key)));
    assertThat(secret).hasContent("outside");
  }

  private static void refusedOrNothing(ThrowingCallable call) {
    Throwable failure = catchThrowable(call);
    assertThat(failure == null || failure instanceof StorageException)
        .as("a StorageException or nothing, but there was %s", failure)
        .isTrue();
  }
}
