package dev.windlass.core.schedule;

import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryDelay;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Whether a failed instance is tried again, from which budget, and after how long a pause. */
public final class Retries {

  /** Pauses after failures of the infrastructure. */
  private static final RetryDelay AFTER_LOSS =
      new RetryDelay(Duration.ofMillis(500), Duration.ofMinutes(1));

  private Retries() {}

  /**
   * The budget from which another try is taken.
   *
   * @param outcome how the attempt failed
   * @param spent what the instance has used up
   * @return empty if the instance is not tried again
   */
  public static Optional<Budget> next(RetryPolicy policy, Outcome outcome, Spent spent) {
    Optional<RetryRule> rule = rule(policy, outcome);
    if (!outcome.isRetryable() || rule.map(found -> !found.again()).orElse(false)) {
      return Optional.empty();
    }
    Budget budget = budget(policy, outcome);
    return spent.of(budget) < limit(policy, budget) ? Optional.of(budget) : Optional.empty();
  }

  /**
   * The pause before the next try. It doubles with each try that the budget has given, and is
   * shortened by up to a quarter. The shortening is taken from the attempt's id and not from a
   * random number, so that the core decides the same each time it is asked.
   *
   * @param outcome how the attempt failed
   * @param spent what the instance has used up, the next try included
   * @param failed the attempt that failed
   */
  public static Duration pause(RetryPolicy policy, Outcome outcome, Spent spent, AttemptId failed) {
    Budget budget = budget(policy, outcome);
    RetryDelay usual = budget.kind() == Budget.Kind.LOSSES ? AFTER_LOSS : policy.delay();
    RetryDelay delay = rule(policy, outcome).flatMap(RetryRule::delay).orElse(usual);
    return pause(delay, spent.of(budget), failed);
  }

  private static Optional<RetryRule> rule(RetryPolicy policy, Outcome outcome) {
    OptionalInt found = policy.ruleFor(outcome);
    return found.isPresent() ? Optional.of(policy.rules().get(found.getAsInt())) : Optional.empty();
  }

  private static Budget budget(RetryPolicy policy, Outcome outcome) {
    OptionalInt rule = policy.ruleFor(outcome);
    if (rule.isPresent() && policy.rules().get(rule.getAsInt()).maxRetries().isPresent()) {
      return Budget.ofRule(rule.getAsInt());
    }
    return switch (outcome.kind()) {
      case EXITED, SIGNALLED, TIMED_OUT -> Budget.PROGRAM;
      case OUT_OF_MEMORY -> policy.memory().isPresent() ? Budget.MEMORY : Budget.PROGRAM;
      // Nobody here cancelled it, so something around it did.
      case LOST, CANCELLED, REFUSED, STAGE_IN_FAILED, STAGE_OUT_FAILED -> Budget.LOSSES;
    };
  }

  private static int limit(RetryPolicy policy, Budget budget) {
    return switch (budget.kind()) {
      case PROGRAM -> policy.maxRetries();
      case MEMORY -> policy.memory().orElseThrow().maxRetries();
      case LOSSES -> policy.maxLosses();
      case RULE -> policy.rules().get(budget.rule()).maxRetries().orElseThrow();
    };
  }

  private static Duration pause(RetryDelay delay, int count, AttemptId id) {
    long nanos = delay.first().toNanos();
    long maxNanos = delay.longest().toNanos();
    for (int i = 1; i < count && nanos < maxNanos; i++) {
      nanos = Math.min(maxNanos, nanos * 2);
    }
    long quarter = nanos / 4;
    long cut = quarter == 0 ? 0 : Math.floorMod(spread(id.hashCode()), quarter);
    return Duration.ofNanos(nanos - cut);
  }

  /** Spreads neighbouring hash codes over the whole range (the finalizer of MurmurHash3). */
  private static long spread(int hash) {
    long h = hash * 0xff51afd7ed558ccdL;
    h ^= h >>> 33;
    h *= 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
