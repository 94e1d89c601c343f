package dev.windlass.core.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * The retries that an instance has used up, by the budgets of {@link dev.windlass.job.RetryPolicy}.
 *
 * @param program after failures of the program
 * @param memory after want of memory
 * @param losses after failures of the infrastructure
 * @param byRule for each rule, those of its own tries; zeros at the end are left out
 */
public record Spent(int program, int memory, int losses, List<Integer> byRule) {

  /** Nothing yet. */
  public static final Spent NOTHING = new Spent(0, 0, 0, List.of());

  /** Copies the list and drops zeros at its end, so that equal means the same. */
  public Spent {
    int size = byRule.size();
    while (size > 0 && byRule.get(size - 1) == 0) {
      size--;
    }
    byRule = List.copyOf(byRule.subList(0, size));
  }

  /** Says whether no budget was touched. */
  public boolean isNothing() {
    return equals(NOTHING);
  }

  /** All retries that the user granted; failures of the infrastructure use up none. */
  public int retries() {
    return program + memory + byRule.stream().mapToInt(Integer::intValue).sum();
  }

  /** How many were taken from a budget. */
  int of(Budget budget) {
    return switch (budget.kind()) {
      case PROGRAM -> program;
      case MEMORY -> memory;
      case LOSSES -> losses;
      case RULE -> budget.rule() < byRule.size() ? byRule.get(budget.rule()) : 0;
    };
  }

  /** With nothing taken from the budgets of rules: there are other rules now. */
  public Spent withoutRules() {
    return new Spent(program, memory, losses, List.of());
  }

  /** With one more taken from a budget. */
  public Spent plus(Budget budget) {
    return switch (budget.kind()) {
      case PROGRAM -> new Spent(program + 1, memory, losses, byRule);
      case MEMORY -> new Spent(program, memory + 1, losses, byRule);
      case LOSSES -> new Spent(program, memory, losses + 1, byRule);
      case RULE -> {
        List<Integer> counts = new ArrayList<>(byRule);
        while (counts.size() <= budget.rule()) {
          counts.add(0);
        }
        counts.set(budget.rule(), counts.get(budget.rule()) + 1);
        yield new Spent(program, memory, losses, counts);
      }
    };
  }
}
