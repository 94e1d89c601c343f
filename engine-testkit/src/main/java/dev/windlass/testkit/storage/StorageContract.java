package dev.windlass.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.storage.StoreUri;
import dev.windlass.testkit.contract.Sentence;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * The contract of {@link dev.windlass.storage.Storage}, sentence by sentence. The author of a
 * storage extends this class and says how to open one:
 *
 * <pre>{@code
 * class DirectoryStorageContractTest extends StorageContract {
 *
 *   private final Path root = newDirectory();
 *
 *   @Override
 *   protected Storage open() {
 *     return DirectoryStorage.at(root);
 *   }
 *
 *   @Override
 *   protected StoreUri root() {
 *     return StoreUri.parse("dir://bucket/");
 *   }
 * }
 * }</pre>
 *
 * <p>A failure quotes the sentence that was broken and, where a property found it, the shortest
 * scenario that breaks it. The system property {@code windlass.contract.tries} says how often a
 * property is tried (100).
 *
 * <p>The single sentences are Jupiter's tests; the properties below are jqwik's, which compares
 * random histories with a model and reports the shortest one that differs. Both engines must be
 * there at run time, and each opens its own object of this class. Note that Jupiter's extensions do
 * not reach jqwik: what both need belongs into a field's initializer.
 */
public abstract class StorageContract extends ConsistencyContract {

  private static final int LONGEST_HISTORY = 40;

  /** Names that stand close to each other, or that somebody might decode, fold, trim or escape. */
  private static final List<String> NAMES =
      List.of(
          "a",
          "A",
          "a-",
          "a-b",
          "a.",
          "a0",
          "b",
          "aa",
          " ",
          "a b",
          "-",
          "0",
          "...",
          ".a",
          "~",
          "%",
          "%2F",
          "%41",
          "?",
          "#",
          "a?b#c",
          "&=+",
          "\\",
          ":",
          "*",
          "\"",
          "'",
          "\u00e9",
          "e\u0301",
          "\u00df",
          "\u0130",
          "\u6f22",
          "\uff41",
          "\ufffd",
          "\ud83d\ude00");

  /** For subclasses. */
  protected StorageContract() {}

  /**
   * How many objects are many.
   *
   * @return by default 1,500; more than one page of a listing holds, if that can be afforded
   */
  protected int breadth() {
    return 1_500;
  }

  @Override
  final int many() {
    return breadth();
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.BOUNDED)
  @Sentence(Sentences.READ_AFTER_WRITE)
  void anyHistoryLeavesWhatTheModelSays(@ForAll("histories") List<Step> history) {
    StorageModel model = new StorageModel();
    history.forEach(step -> step.run(this, model));
    model.compare(this);
  }

  @Property(tries = TRIES)
  @Sentence(Sentences.LISTING)
  void aListingOfAnyKeysIsSortedAndWholeInPagesOfAnySize(
      @ForAll("keySets") Set<String> keys, @ForAll("limits") int limit) {
    List<String> written =
        keys.stream().filter(key -> putUnlessRefused(key, "")).sorted(StoreUri.keyOrder()).toList();
    assertThat(keysBelow("", limit)).isEqualTo(written);
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    return Arbitraries.<Step>oneOf(
            Combinators.combine(anyKey(), contents()).as(Step.Write::new),
            anyKey().map(Step.Abandon::new),
            anyKey().map(Step.Delete::new),
            Combinators.combine(anyKey(), Arbitraries.integers().between(0, 40)).as(Step.Read::new),
            limits().map(Step.ListAll::new))
        .list()
        .ofMaxSize(LONGEST_HISTORY);
  }

  @Provide
  Arbitrary<Set<String>> keySets() {
    return anyKey().set().ofMaxSize(15);
  }

  @Provide
  Arbitrary<Integer> limits() {
    return Arbitraries.integers().between(1, 8);
  }

  private static Arbitrary<String> anyKey() {
    return Arbitraries.of(NAMES)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(names -> names.stream().collect(Collectors.joining("/")));
  }

  private static Arbitrary<String> contents() {
    return Arbitraries.strings().alpha().ofMaxLength(40);
  }
}
