package dev.windlass.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * When and how a failed instance is tried again.
 *
 * <p>There is a budget of retries for each cause, and each instance has its own:
 *
 * <ul>
 *   <li>{@code maxRetries} for failures of the program: an exit code other than 0, a signal, a
 *       timeout and, if {@code memory} says nothing else, want of memory;
 *   <li>{@code memory} for want of memory;
 *   <li>{@code maxLosses} for what the infrastructure did: lost, refused for now, a storage away;
 *   <li>the tries of a {@link RetryRule} that has its own.
 * </ul>
 *
 * <p>A restart of the job gives all of them back.
 *
 * @param maxRetries how often an instance is tried again after a failure of the program, 0 to
 *     {@value #MAX_RETRIES}; n retries are n + 1 runs
 * @param delay pauses after failures of the program
 * @param rules the first that matches an outcome decides; at most {@value #MAX_RULES}
 * @param memory what is done after want of memory
 * @param maxLosses how often an instance is tried again after a failure of the infrastructure, 0 to
 *     {@value #MAX_RETRIES}; pauses then are half a second at first and a minute at most
 */
public record RetryPolicy(
    int maxRetries,
    RetryDelay delay,
    List<RetryRule> rules,
    Optional<MemoryRetry> memory,
    int maxLosses) {

  /** Most retries one can ask for. */
  public static final int MAX_RETRIES = 1_000;

  /** Most rules of a policy. */
  public static final int MAX_RULES = 32;

  /** How often the infrastructure may fail an instance where nothing else is said. */
  public static final int USUAL_MAX_LOSSES = 20;

  /** No retry after a failure of the program. */
  public static final RetryPolicy NONE = retries(0);

  /**
   * Checks the ranges and copies the rules.
   *
   * @throws IllegalArgumentException if a part is out of range
   */
  public RetryPolicy {
    checkRetries(maxRetries);
    Objects.requireNonNull(delay, "delay");
    rules = List.copyOf(rules);
    Objects.requireNonNull(memory, "memory");
    checkRetries(maxLosses);
    if (rules.size() > MAX_RULES) {
      throw new IllegalArgumentException(
          "a policy has at most " + MAX_RULES + " rules, had " + rules.size());
    }
  }

  /**
   * A number of retries with the usual pauses.
   *
   * @param maxRetries 0 to {@value #MAX_RETRIES}
   * @return the policy
   */
  public static RetryPolicy retries(int maxRetries) {
    return new RetryPolicy(
        maxRetries, RetryDelay.USUAL, List.of(), Optional.empty(), USUAL_MAX_LOSSES);
  }

  /**
   * The same with other pauses.
   *
   * @param first pause after the first failure; not negative
   * @param longest at least {@code first}, at most a day
   * @return the policy
   */
  public RetryPolicy pausing(Duration first, Duration longest) {
    return new RetryPolicy(maxRetries, new RetryDelay(first, longest), rules, memory, maxLosses);
  }

  /**
   * The same with a further rule, after those that are there.
   *
   * @param rule the rule
   * @return the policy
   */
  public RetryPolicy withRule(RetryRule rule) {
    List<RetryRule> more = new ArrayList<>(rules);
    more.add(rule);
    return new RetryPolicy(maxRetries, delay, more, memory, maxLosses);
  }

  /**
   * The same with more memory after want of memory.
   *
   * @param retry how much and how often
   * @return the policy
   */
  public RetryPolicy withMemory(MemoryRetry retry) {
    return new RetryPolicy(maxRetries, delay, rules, Optional.of(retry), maxLosses);
  }

  /**
   * The same with another bound on failures of the infrastructure.
   *
   * @param losses 0 to {@value #MAX_RETRIES}
   * @return the policy
   */
  public RetryPolicy withMaxLosses(int losses) {
    return new RetryPolicy(maxRetries, delay, rules, memory, losses);
  }

  /**
   * The rule that decides after an outcome.
   *
   * @param outcome how an attempt failed
   * @return its position among the rules, or empty if none matches
   */
  public OptionalInt ruleFor(Outcome outcome) {
    for (int i = 0; i < rules.size(); i++) {
      if (rules.get(i).matches(outcome)) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  static void checkRetries(int retries) {
    if (retries < 0 || retries > MAX_RETRIES) {
      throw new IllegalArgumentException(
          "a number of retries is 0 to " + MAX_RETRIES + ", was " + retries);
    }
  }
}
