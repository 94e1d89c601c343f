package dev.windlass.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.windlass.storage.ObjectPage;
import dev.windlass.storage.StorageException;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import dev.windlass.testkit.contract.Sentence;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The sentences about names, folders and listings. */
abstract class ListingContract extends ObjectContract {

  @Test
  @Sentence("nothing is percent-decoded, and ? and # are ordinary characters of a key.")
  void namesAreLiteral() {
    List<String> names =
        List.of("%2F", "a%20b", "a b", "a+b", "what?x=1&y#z", "{}$'\"!*", "~", "a\\b");
    List<String> written =
        names.stream().filter(name -> putUnlessRefused("odd/" + name, name)).toList();
    assertThat(written).allSatisfy(name -> assertThat(content("odd/" + name)).isEqualTo(name));
    assertThat(keys())
        .containsExactlyInAnyOrderElementsOf(written.stream().map("odd/"::concat).toList());
  }

  @Test
  @Sentence(Sentences.APART)
  void objectsWhoseKeysDifferInCaseOnlyAreKeptApart() {
    keptApartOrRefused("name", "NAME");
    keptApartOrRefused("folder/x", "FOLDER/x");
  }

  @Test
  @Sentence(Sentences.APART)
  void objectsWhoseKeysDifferInUnicodeNormalisationOnlyAreKeptApart() {
    keptApartOrRefused("caf\u00e9", "cafe\u0301");
  }

  private void keptApartOrRefused(String first, String second) {
    if (!putUnlessRefused(first, "first")) {
      return;
    }
    assertThat(storedUnder(second)).as("nothing is found under %s", second).isFalse();
    boolean both = putUnlessRefused(second, "second");
    assertThat(content(first)).isEqualTo("first");
    if (both) {
      assertThat(content(second)).isEqualTo("second");
      storage.delete(at(second));
      assertThat(content(first)).isEqualTo("first");
    }
  }

  private boolean storedUnder(String key) {
    try {
      return storage.stat(at(key)).isPresent();
    } catch (StorageException e) {
      assertThat(e.code()).isEqualTo(Code.INVALID_NAME);
      return false;
    }
  }

  @Test
  @Sentence(Sentences.NAMESAKES)
  void anObjectBesideAFolderOfItsNameIsKeptOrRefused() {
    put("a", "object");
    boolean folderToo = putUnlessRefused("a/b", "below");
    assertThat(content("a")).isEqualTo("object");
    assertThat(keys()).isEqualTo(folderToo ? List.of("a", "a/b") : List.of("a"));
  }

  @Test
  @Sentence(Sentences.NAMESAKES)
  void aFolderBesideAnObjectOfItsNameIsKeptOrRefused() {
    put("a/b", "below");
    boolean objectToo = putUnlessRefused("a", "object");
    assertThat(content("a/b")).isEqualTo("below");
    assertThat(keys()).isEqualTo(objectToo ? List.of("a", "a/b") : List.of("a/b"));
  }

  @Test
  @Sentence(Sentences.FOLDERS)
  void anObjectMayTakeTheNameOfAFolderThatNoLongerIs() {
    put("a/b/c", "below");
    storage.delete(at("a/b/c"));
    put("a", "object");
    assertThat(keys()).containsExactly("a");
  }

  @Test
  @Sentence(Sentences.FOLDERS)
  void aFolderMayTakeTheNameOfAnObjectThatNoLongerIs() {
    put("a", "object");
    storage.delete(at("a"));
    put("a/b/c", "below");
    assertThat(keys()).containsExactly("a/b/c");
  }

  @Test
  @Sentence("if the store does not take the name or cannot be reached")
  void aNameIsTakenWholeOrRefused() {
    int room = StoreUri.MAX_KEY_BYTES - folder.key().length();
    String longPart = "p".repeat(300);
    String longKey = ("k".repeat(99) + "/").repeat(11).substring(0, room - 1) + "e";
    for (String key : List.of(longPart, "p".repeat(255), longKey)) {
      if (putUnlessRefused(key, key)) {
        assertThat(content(key)).isEqualTo(key);
        assertThat(keys()).contains(key);
      }
    }
  }

  @Test
  @Sentence(Sentences.FOLDERS)
  void aFolderExistsExactlyWhileAnObjectLiesBelowIt() {
    put("a/b/one", "x");
    put("a/two", "x");
    assertThat(keysBelow("a/b/", 10)).containsExactly("a/b/one");
    storage.delete(at("a/b/one"));
    assertThat(keysBelow("a/b/", 10)).isEmpty();
    assertThat(keysBelow("a/", 10)).containsExactly("a/two");
  }

  @Test
  @Sentence(Sentences.FOLDERS)
  void listingWhatHoldsNothingIsAnEmptyListing() {
    put("object", "x");
    assertThat(storage.list(at("missing/"), Optional.empty(), 1))
        .isEqualTo(new ObjectPage(List.of(), Optional.empty()));
    assertThat(keysBelow("object/", 10)).isEmpty();
  }

  @Test
  @Sentence(Sentences.LISTING)
  void aListingHasAllObjectsBelowItsFolderAndNoOthers() {
    for (String key : List.of("f/a", "f/b/c/d", "f0", "f-", "fg/a", "e")) {
      put(key, "x");
    }
    assertThat(keysBelow("f/", 10)).containsExactly("f/a", "f/b/c/d");
  }

  @Test
  @Sentence(Sentences.LISTING)
  void aListingIsInOrderOfUtf8Bytes() {
    // '-' and '.' are less than '/', which is less than '0'; U+FF41 is less than U+1F600 in UTF-8
    // only.
    List<String> inOrder =
        List.of(
            "A",
            "Z/z",
            "a b",
            "a-",
            "a-b/c",
            "a.b",
            "a/-",
            "a/b",
            "a/b.c",
            "a0",
            "aa",
            "b/a-/x",
            "b/a/x",
            "b/a0",
            "\u00e9",
            "\u6f22",
            "\uff41",
            "\ud83d\ude00");
    List<String> written =
        inOrder.stream()
            .sorted((left, right) -> right.compareTo(left))
            .filter(key -> putUnlessRefused(key, "x"))
            .toList();
    assertThat(keys()).isEqualTo(inOrder.stream().filter(written::contains).toList());
  }

  @Test
  @Sentence(Sentences.PAGES)
  void pagesOfAnySizeAddUpToTheWhole() {
    for (String key : List.of("a", "b-", "b/1", "b/2/x", "b/3", "b0", "c/c/c")) {
      put(key, "x");
    }
    List<String> whole = keys();
    assertThat(whole).hasSize(7);
    for (int limit = 1; limit <= 8; limit++) {
      assertThat(keysBelow("", limit)).as("pages of %d", limit).isEqualTo(whole);
    }
  }

  @Test
  @Sentence("the marker of the previous page, or empty for the first page")
  void aMarkerOutlivesTheObjectsOfItsPage() {
    for (String key : List.of("a", "b/1", "b/2", "c")) {
      put(key, "x");
    }
    ObjectPage first = storage.list(folder, Optional.empty(), 2);
    first.objects().forEach(info -> storage.delete(info.uri()));
    if (first.next().isPresent()) {
      assertThat(storage.list(folder, first.next(), 10).objects())
          .extracting(info -> folder.relativize(info.uri()))
          .containsSubsequence("b/2", "c");
    }
  }

  @Test
  @Sentence(Sentences.LIST_ARGUMENTS)
  void aMarkerFromElsewhereIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> storage.list(folder, Optional.of("*from elsewhere*"), 10));
  }

  @Test
  @Sentence(Sentences.LIST_ARGUMENTS)
  void aLimitOutOfRangeIsRefused() {
    for (int limit : List.of(-1, 0, 10_001, Integer.MAX_VALUE)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> storage.list(folder, Optional.empty(), limit));
    }
    assertThat(storage.list(folder, Optional.empty(), 10_000).objects()).isEmpty();
  }

  @Test
  @Sentence(Sentences.LIST_ARGUMENTS)
  void anObjectIsRefusedWhereAFolderIsAskedFor() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> storage.list(at("a"), Optional.empty(), 1));
  }

  @Test
  @Sentence("What a store says about one object.")
  void aListingSaysOfEachObjectWhatTheStoreSaysOfIt() {
    IntStream.range(0, 5).forEach(i -> put("f/" + i, "x".repeat(i)));
    assertThat(storage.list(folder, Optional.empty(), 5).objects())
        .hasSize(5)
        .allSatisfy(info -> assertThat(storage.stat(info.uri())).contains(info));
  }
}
