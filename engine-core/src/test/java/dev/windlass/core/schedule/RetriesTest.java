package dev.windlass.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.MemoryRetry;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryDelay;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.TaskName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Which failures are tried again, on whose account, and when. */
class RetriesTest {

  private static final AttemptId ATTEMPT =
      new InstanceId(new JobId("job-" + "0".repeat(32)), new TaskName("t"), 0).attempt(1);
  private static final Outcome MEMORY = new Outcome.OutOfMemory("test");
  private static final Outcome LOST = new Outcome.Lost("test");

  /** How often an instance is tried again that meets the same outcome each time. */
  private static int tries(RetryPolicy policy, Outcome outcome) {
    Spent spent = Spent.NOTHING;
    int tries = 0;
    for (Optional<Budget> next = Retries.next(policy, outcome, spent); next.isPresent(); tries++) {
      spent = spent.plus(next.get());
      next = Retries.next(policy, outcome, spent);
    }
    return tries;
  }

  @Property
  void eachCauseHasABudgetOfItsOwn(
      @ForAll @IntRange(max = 9) int program,
      @ForAll @IntRange(min = 1, max = 9) int memory,
      @ForAll @IntRange(max = 9) int losses,
      @ForAll @IntRange(max = 9) int rule) {
    RetryPolicy policy =
        RetryPolicy.retries(program)
            .withMemory(new MemoryRetry(memory, 1, 1))
            .withMaxLosses(losses)
            .withRule(RetryRule.retryOnExit(75).atMost(rule));
    Spent spent = Spent.NOTHING;
    List<Outcome> outcomes = List.of(new Outcome.Exited(1), MEMORY, LOST, new Outcome.Exited(75));
    List<Integer> limits = List.of(program, memory, losses, rule);
    for (int i = 0; i < outcomes.size(); i++) {
      assertThat(tries(policy, outcomes.get(i))).isEqualTo(limits.get(i));
      // What one cause has used up does not tell on the others.
      for (int n = 0; n < limits.get(i); n++) {
        spent = spent.plus(Retries.next(policy, outcomes.get(i), spent).orElseThrow());
      }
    }
    assertThat(spent.retries()).isEqualTo(program + memory + rule);
  }

  @Test
  void theFirstRuleThatMatchesDecides() {
    RetryPolicy policy =
        RetryPolicy.retries(3)
            .withRule(RetryRule.failOnExit(2))
            .withRule(RetryRule.retryOn(Outcome.Kind.EXITED).atMost(7));
    assertThat(tries(policy, new Outcome.Exited(2))).isZero();
    assertThat(tries(policy, new Outcome.Exited(3))).isEqualTo(7);
    assertThat(tries(policy, new Outcome.Signalled(9))).isEqualTo(3);
  }

  @Test
  void aRuleWithoutTriesOfItsOwnTakesThoseOfTheCause() {
    RetryPolicy policy = RetryPolicy.retries(3).withRule(RetryRule.retryOn(Outcome.Kind.TIMED_OUT));
    Spent spent = new Spent(3, 0, 0, List.of());
    Outcome timedOut = new Outcome.TimedOut(Duration.ofSeconds(1));
    assertThat(tries(policy, timedOut)).isEqualTo(3);
    assertThat(Retries.next(policy, timedOut, spent)).isEmpty();
  }

  @Test
  void whatCanNotGoOtherwiseIsFinalWhateverTheRulesSay() {
    RetryPolicy policy =
        RetryPolicy.retries(3)
            .withRule(RetryRule.retryOn(Outcome.Kind.REFUSED, Outcome.Kind.STAGE_IN_FAILED));
    assertThat(tries(policy, new Outcome.Refused("no such program", false))).isZero();
    assertThat(tries(policy, new Outcome.StageInFailed("no such object", false))).isZero();
  }

  @Test
  void withoutARuleForMemoryWantOfItIsAFailureOfTheProgram() {
    assertThat(tries(RetryPolicy.retries(2), MEMORY)).isEqualTo(2);
  }

  @Property
  void aPauseDoublesAndIsShortenedByAQuarterAtMost(
      @ForAll @IntRange(min = 1, max = 40) int count,
      @ForAll @LongRange(min = 1, max = 100_000) long firstMillis) {
    Duration longest = Duration.ofHours(1);
    RetryPolicy policy = RetryPolicy.retries(100).pausing(Duration.ofMillis(firstMillis), longest);
    Duration pause =
        Retries.pause(policy, new Outcome.Exited(1), new Spent(count, 0, 0, List.of()), ATTEMPT);
    double full = Math.min((double) longest.toMillis(), firstMillis * Math.pow(2, count - 1));
    assertThat((double) pause.toNanos()).isBetween(full * 0.75e6, full * 1e6);
  }

  @Test
  void aLossHasPausesOfItsOwnUnlessARuleSaysOtherwise() {
    RetryDelay none = new RetryDelay(Duration.ZERO, Duration.ZERO);
    RetryPolicy usual = RetryPolicy.NONE.pausing(Duration.ofHours(1), Duration.ofHours(1));
    Spent spent = new Spent(0, 0, 1, List.of());
    assertThat(Retries.pause(usual, LOST, spent, ATTEMPT))
        .isBetween(Duration.ofMillis(375), Duration.ofMillis(500));
    RetryPolicy ruled = usual.withRule(RetryRule.retryOn(Outcome.Kind.LOST).pausing(none));
    assertThat(Retries.pause(ruled, LOST, spent, ATTEMPT)).isZero();
  }

  @Property
  void memoryGrowsUpToItsBound(
      @ForAll @LongRange(min = 1, max = 1L << 60) long first,
      @ForAll @IntRange(min = 1, max = MemoryRetry.MAX_GROWTH_PERCENT) int percent,
      @ForAll @LongRange(min = 1, max = 1L << 60) long most) {
    long after = new MemoryRetry(1, percent, most).after(first);
    assertThat(after).isLessThanOrEqualTo(most);
    if (first < most) {
      assertThat(after).isGreaterThan(first);
      double exact = Math.min((double) most, first * (1 + percent / 100.0));
      assertThat((double) after).isCloseTo(exact, within(exact));
    }
  }

  /** Rounding, and for few bytes the step of at least one. */
  private static org.assertj.core.data.Offset<Double> within(double exact) {
    return org.assertj.core.data.Offset.offset(exact * 1e-9 + 2);
  }
}
