package dev.windlass.testkit.simulation.check;

import dev.windlass.AttemptStatus;
import dev.windlass.InstanceStatus;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.State;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What must hold of the attempts of an instance, by the retry policy of its task: each failure is
 * counted anew here, from what is on record. Of a job that was restarted it is not known which
 * attempts count, and it is not looked at.
 */
final class RetryChecker {
  /** As the engine gives it; what an executor itself says of a lost node is none. */
  private static final Pattern FOR_A_NODE = Pattern.compile("node \\S+: .*", Pattern.DOTALL);

  private final Ledger ledger;
  private final Violations violations;

  RetryChecker(Ledger ledger, Violations violations) {
    this.ledger = ledger;
    this.violations = violations;
  }

  void check(InstanceStatus instance, List<AttemptStatus> attempts, RetryPolicy policy) {
    Map<String, Integer> used = new HashMap<>();
    for (int i = 0; i < attempts.size(); i++) {
      AttemptStatus attempt = attempts.get(i);
      Outcome outcome = attempt.outcome().orElse(null);
      if (outcome == null || outcome.isSuccess() || isEviction(outcome)) {
        continue;
      }
      boolean again = isTriedAgain(attempt, outcome, policy, used);
      boolean last = i == attempts.size() - 1;
      violations.unless(
          again || last, "a final failure is final", () -> attempt + " was not the last one");
      violations.unless(
          !(again && last && instance.state() == State.FAILED),
          "every retry is used",
          () -> instance + " was given up after " + attempt + ", used up was " + used);
      if (!last && outcome.kind() == Outcome.Kind.OUT_OF_MEMORY && policy.memory().isPresent()) {
        checkGrowth(attempt, attempts.get(i + 1), policy);
      }
    }
  }

  /**
   * Says whether an attempt was ended for its node or for the closing; that uses up nothing. It may
   * have been ended before it was launched.
   */
  static boolean isEviction(Outcome outcome) {
    return outcome instanceof Outcome.Lost lost
        && (FOR_A_NODE.matcher(lost.reason()).matches()
            || lost.reason().equals("the engine was closed"));
  }

  private boolean isTriedAgain(
      AttemptStatus attempt, Outcome outcome, RetryPolicy policy, Map<String, Integer> used) {
    Optional<RetryRule> rule = rule(policy, outcome);
    if (!outcome.isRetryable()
        || rule.map(found -> !found.again()).orElse(false)
        || hadAllMemory(attempt, outcome, policy)) {
      return false;
    }
    String account = account(policy, outcome);
    int limit =
        switch (account) {
          case "losses" -> policy.maxLosses();
          case "memory" -> policy.memory().orElseThrow().maxRetries();
          case "program" -> policy.maxRetries();
          default -> rule.flatMap(RetryChecker::ownRetries).orElseThrow();
        };
    return used.merge(account, 1, Integer::sum) <= limit;
  }

  /** The rule that decides after a failure. */
  static Optional<RetryRule> rule(RetryPolicy policy, Outcome outcome) {
    return policy.rules().stream().filter(rule -> rule.matches(outcome)).findFirst();
  }

  private static Optional<Integer> ownRetries(RetryRule rule) {
    return rule.maxRetries().isPresent()
        ? Optional.of(rule.maxRetries().getAsInt())
        : Optional.empty();
  }

  /** From what another try after a failure would be taken. */
  static String account(RetryPolicy policy, Outcome outcome) {
    Optional<RetryRule> rule = rule(policy, outcome);
    if (rule.flatMap(RetryChecker::ownRetries).isPresent()) {
      return rule.get().toString();
    } else if (isInfrastructure(outcome)) {
      return "losses";
    }
    boolean memory = outcome.kind() == Outcome.Kind.OUT_OF_MEMORY && policy.memory().isPresent();
    return memory ? "memory" : "program";
  }

  private static boolean isInfrastructure(Outcome outcome) {
    return switch (outcome.kind()) {
      case EXITED, SIGNALLED, TIMED_OUT, OUT_OF_MEMORY -> false;
      case LOST, REFUSED, STAGE_IN_FAILED, STAGE_OUT_FAILED, CANCELLED -> true;
    };
  }

  private boolean hadAllMemory(AttemptStatus attempt, Outcome outcome, RetryPolicy policy) {
    Line line = ledger.lines().get(attempt.id());
    if (outcome.kind() != Outcome.Kind.OUT_OF_MEMORY || policy.memory().isEmpty() || line == null) {
      return false;
    }
    long offered = ledger.capacityOf(line.spec().node()).memoryBytes();
    return line.spec().resources().memoryBytes()
        >= Math.min(offered, policy.memory().get().maxBytes());
  }

  private void checkGrowth(AttemptStatus attempt, AttemptStatus next, RetryPolicy policy) {
    Line before = ledger.lines().get(attempt.id());
    Line after = ledger.lines().get(next.id());
    if (before == null || after == null) {
      return; // one of them was never launched
    }
    long had = before.spec().resources().memoryBytes();
    long got = after.spec().resources().memoryBytes();
    violations.unless(
        got > had && got <= policy.memory().orElseThrow().maxBytes(),
        "want of memory is met with more",
        () -> attempt + " had " + had + ", the next one got " + got);
  }
}
