package dev.windlass.job;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is done after certain failures. Of the rules of a {@link RetryPolicy} the first that matches
 * decides. An outcome that rules out another try (a program that is not there, a missing input) is
 * final whatever the rules say.
 *
 * <pre>{@code
 * RetryRule.failOnExit(2, 64)                            // wrong usage: never again
 * RetryRule.retryOnExit(75).atMost(10)                   // "try again later": with tries of its own
 * RetryRule.retryOn(Outcome.Kind.TIMED_OUT).atMost(1)
 * }</pre>
 *
 * @param kinds outcomes to which it applies; with {@link Outcome.Kind#EXITED} every exit code but 0
 * @param exitCodes exit codes, 1 to 255, to which it applies besides
 * @param again true if the instance is tried again, false if it fails at once
 * @param maxRetries how often it is tried again under this rule, 0 to {@value
 *     RetryPolicy#MAX_RETRIES}, which then uses up no other budget; empty if the policy's own
 *     budget for the cause holds
 * @param delay the pauses; empty for those of the policy
 */
public record RetryRule(
    Set<Outcome.Kind> kinds,
    Set<Integer> exitCodes,
    boolean again,
    OptionalInt maxRetries,
    Optional<RetryDelay> delay) {

  /**
   * Checks the ranges and copies the sets.
   *
   * @throws IllegalArgumentException if a number is out of range, if the rule applies to nothing,
   *     or if one that fails at once has tries or pauses
   */
  public RetryRule {
    kinds = Set.copyOf(kinds);
    exitCodes = Set.copyOf(exitCodes);
    Objects.requireNonNull(maxRetries, "maxRetries");
    Objects.requireNonNull(delay, "delay");
    if (kinds.isEmpty() && exitCodes.isEmpty()) {
      throw new IllegalArgumentException("a rule names an outcome or an exit code");
    }
    for (int code : exitCodes) {
      if (code < 1 || code > 255) {
        throw new IllegalArgumentException("an exit code of a rule is 1 to 255, was " + code);
      }
    }
    if (!again && (maxRetries.isPresent() || delay.isPresent())) {
      throw new IllegalArgumentException("a rule that fails has no tries and no pauses");
    }
    maxRetries.ifPresent(RetryPolicy::checkRetries);
  }

  /**
   * The instance fails at once after these exit codes.
   *
   * @param codes at least one, each 1 to 255
   * @return the rule
   */
  public static RetryRule failOnExit(int... codes) {
    return new RetryRule(
        Set.of(), setOf(codes), /* again= */ false, OptionalInt.empty(), Optional.empty());
  }

  /**
   * The instance fails at once after these outcomes.
   *
   * @param first an outcome
   * @param more others
   * @return the rule
   */
  public static RetryRule failOn(Outcome.Kind first, Outcome.Kind... more) {
    return new RetryRule(
        EnumSet.of(first, more),
        Set.of(),
        /* again= */ false,
        OptionalInt.empty(),
        Optional.empty());
  }

  /**
   * The instance is tried again after these exit codes.
   *
   * @param codes at least one, each 1 to 255
   * @return the rule
   */
  public static RetryRule retryOnExit(int... codes) {
    return new RetryRule(
        Set.of(), setOf(codes), /* again= */ true, OptionalInt.empty(), Optional.empty());
  }

  /**
   * The instance is tried again after these outcomes.
   *
   * @param first an outcome
   * @param more others
   * @return the rule
   */
  public static RetryRule retryOn(Outcome.Kind first, Outcome.Kind... more) {
    return new RetryRule(
        EnumSet.of(first, more),
        Set.of(),
        /* again= */ true,
        OptionalInt.empty(),
        Optional.empty());
  }

  /**
   * The same with a number of tries of its own.
   *
   * @param retries 0 to {@value RetryPolicy#MAX_RETRIES}
   * @return the rule
   */
  public RetryRule atMost(int retries) {
    return new RetryRule(kinds, exitCodes, again, OptionalInt.of(retries), delay);
  }

  /**
   * The same with pauses of its own.
   *
   * @param pauses the pauses
   * @return the rule
   */
  public RetryRule pausing(RetryDelay pauses) {
    return new RetryRule(kinds, exitCodes, again, maxRetries, Optional.of(pauses));
  }

  /**
   * Says whether the rule applies.
   *
   * @param outcome how an attempt failed
   * @return true if it names the outcome or its exit code
   */
  public boolean matches(Outcome outcome) {
    return kinds.contains(outcome.kind())
        || (outcome instanceof Outcome.Exited exited && exitCodes.contains(exited.code()));
  }

  private static Set<Integer> setOf(int... codes) {
    return Arrays.stream(codes).boxed().collect(Collectors.toUnmodifiableSet());
  }
}
