package dev.windlass.testkit.storage;

import dev.windlass.storage.Storage;
import java.util.function.UnaryOperator;

/** Storages with exactly one defect, and how the suite tells it: test, sentence, what was seen. */
enum StorageDefect {
  PUBLISHES_BEFORE_COMPLETE(
      StorageDefects::publishesBeforeComplete,
      "anUploadIsSeenByNobodyBeforeItsCommit",
      Sentences.UNSEEN,
      "size=0"),
  LISTS_A_HALF_WRITTEN_OBJECT(
      StorageDefects::listsAHalfWrittenObject,
      "anUploadGivenUpAnywhereLeavesWhatWasThere",
      Sentences.GIVEN_UP,
      "\"a.part\"]"),
  LOSES_THE_VERSION(
      StorageDefects::losesTheVersion,
      "theVersionChangesWhenContentIsReplaced",
      Sentences.NEW_VERSION,
      "new at 11"),
  REPEATS_AT_A_PAGE_BORDER(
      StorageDefects::repeatsAtAPageBorder,
      "pagesOfAnySizeAddUpToTheWhole",
      Sentences.PAGES,
      "pages of 2"),
  SKIPS_AT_A_PAGE_BORDER(
      StorageDefects::skipsAtAPageBorder,
      "aListingOfAnyKeysIsSortedAndWholeInPagesOfAnySize",
      Sentences.LISTING,
      ", 1\nbut: "),
  READS_FROM_ONE_BYTE_LATE(
      StorageDefects::readsFromOneByteLate,
      "anObjectWrittenInPiecesIsReadFromAnyPosition",
      Sentences.POSITION,
      "shortest scenario that breaks it: ["),
  FOLDS_CASE(
      StorageDefects::foldsCase,
      "objectsWhoseKeysDifferInCaseOnlyAreKeptApart",
      Sentences.APART,
      "nothing is found under NAME"),
  DELETES_BY_PREFIX(
      StorageDefects::deletesByPrefix,
      "removingAnObjectRemovesItAndNoOther",
      Sentences.REMOVES,
      "\"a/bc\""),
  ESCAPES_BY_DOTS(
      StorageDefects::escapesByDots,
      "noNameLeadsOutOfItsFolder",
      Sentences.INSIDE,
      "what lies outside of %2e%2e/"),
  MIXES_CONCURRENT_WRITERS(
      StorageDefects::mixesConcurrentWriters,
      "writersAtOnceLeaveWholeObjects",
      Sentences.WHOLE,
      "what was written"),
  LEAVES_A_PART_OF_A_FAILED_UPLOAD(
      StorageDefects::leavesAPartOfAFailedUpload,
      "anUploadThatBreaksOffLeavesTheOldContent",
      "After an exception the object is either as it was before or wholly replaced, never in"
          + " between.",
      "size=10"),
  ENDS_A_BROKEN_READ_EARLY(
      StorageDefects::endsABrokenReadEarly,
      "aReadThatBreaksOffNeverEndsAsIfItWereComplete",
      Sentences.BREAKS_OFF,
      "the end of a read from 0 that breaks off"),
  TAKES_NO_ANSWER_FOR_NO(
      StorageDefects::takesNoAnswerForNo,
      "aStoreThatDoesNotAnswerIsUnavailable",
      Sentences.UNAVAILABLE,
      "a StorageException"),
  SORTS_BY_CHARS(
      StorageDefects::sortsByChars, "aListingIsInOrderOfUtf8Bytes", Sentences.LISTING, "\uff41"),
  FOLLOWS_LINKS(
      StorageDefects::followsLinks,
      "aLinkOutOfTheStoreIsNotFollowed",
      Sentences.INSIDE,
      "the answer to a read of f/link/secret"),
  OFFERS_AN_OLD_COPY(
      StorageDefects::offersAnOldCopy,
      "aLocalPathHoldsWhatReadingGives",
      Sentences.LOCAL_PATH,
      "replaced");

  @SuppressWarnings("ImmutableEnumChecker") // A reference to a static method.
  private final UnaryOperator<Storage> planting;

  private final String test;
  private final String sentence;
  private final String seen;

  StorageDefect(UnaryOperator<Storage> planting, String test, String sentence, String seen) {
    this.planting = planting;
    this.test = test;
    this.sentence = sentence;
    this.seen = seen;
  }

  /** A sound storage with this defect. */
  Storage in(Storage sound) {
    return planting.apply(sound);
  }

  /** Says whether the defect shows only where the store is a directory. */
  boolean needsADirectory() {
    return this == FOLLOWS_LINKS || this == OFFERS_AN_OLD_COPY;
  }

  String test() {
    return test;
  }

  String sentence() {
    return sentence;
  }

  String seen() {
    return seen;
  }
}
