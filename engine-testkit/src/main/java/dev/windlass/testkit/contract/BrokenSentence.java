package dev.windlass.testkit.contract;

import java.util.Objects;
import java.util.Optional;

/** A plug-in broke a sentence of its contract. The message quotes the sentence. */
public final class BrokenSentence extends AssertionError {

  private static final long serialVersionUID = 1L;

  private final String sentence;
  private final String happened;

  /**
   * A broken sentence.
   *
   * @param sentence the contract's words
   * @param happened what was seen instead
   * @param cause the failed check
   */
  public BrokenSentence(String sentence, String happened, Throwable cause) {
    this(sentence, happened, Optional.empty(), cause);
  }

  private BrokenSentence(
      String sentence, String happened, Optional<String> scenario, Throwable cause) {
    super(message(sentence, happened, scenario), cause);
    this.sentence = Objects.requireNonNull(sentence, "sentence");
    this.happened = happened;
  }

  private static String message(String sentence, String happened, Optional<String> scenario) {
    return "the contract says: \""
        + sentence
        + "\""
        + scenario.map(found -> "\nshortest scenario that breaks it: " + found).orElse("")
        + "\nbut: "
        + happened;
  }

  /**
   * A failed check as a broken sentence. One that already names its sentence is kept: what the
   * suite watches in every test is a sentence of its own.
   *
   * @param sentence the sentence that the test is about
   * @param failure what the test threw
   * @return the failure, with the sentence
   */
  static BrokenSentence of(String sentence, Throwable failure) {
    return failure instanceof BrokenSentence broken
        ? broken
        : new BrokenSentence(sentence, describe(failure), failure);
  }

  private static String describe(Throwable failure) {
    return failure instanceof AssertionError && failure.getMessage() != null
        ? failure.getMessage().strip()
        : failure.toString();
  }

  /**
   * The same, found by trying many scenarios.
   *
   * @param scenario the shortest that was found
   * @return the failure, with sentence and scenario
   */
  BrokenSentence in(String scenario) {
    return new BrokenSentence(sentence, happened, Optional.of(scenario), this);
  }

  /**
   * Runs checks that belong to one sentence.
   *
   * @param sentence the contract's words
   * @param checks throw an {@link AssertionError} if the sentence does not hold
   * @throws BrokenSentence if they do
   */
  public static void unless(String sentence, Runnable checks) {
    try {
      checks.run();
    } catch (AssertionError e) {
      throw of(sentence, e);
    }
  }
}
