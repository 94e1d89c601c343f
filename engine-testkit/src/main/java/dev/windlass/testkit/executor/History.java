package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.executor.AttemptReport;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.testkit.contract.BrokenSentence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** All that executors said about attempts, over all lives of the host. Safe for several threads. */
final class History {

  /**
   * One statement.
   *
   * @param life in which life of the host, from 1
   * @param recovered true if it was an answer to {@code recover}, false if it was reported
   * @param report what was said
   */
  record Entry(int life, boolean recovered, AttemptReport report) {
    boolean isEnd() {
      return report.kind() == AttemptReport.Kind.ENDED;
    }

    Outcome outcome() {
      return ((AttemptReport.Ended) report).outcome();
    }

    @Override
    public String toString() {
      String what = isEnd() ? "Ended: " + outcome().describe() : "Started";
      return what + (recovered ? " (recovered" : " (reported") + " in life " + life + ")";
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final List<BrokenSentence> violations = new ArrayList<>();

  synchronized void add(Entry entry) {
    entries.add(entry);
    notifyAll();
  }

  synchronized void violation(String sentence, String happened) {
    violations.add(new BrokenSentence(sentence, happened, new AssertionError(happened)));
  }

  synchronized List<Entry> about(AttemptId id) {
    return entries.stream().filter(entry -> entry.report().id().equals(id)).toList();
  }

  synchronized boolean hasEnded(AttemptId id) {
    return about(id).stream().anyMatch(Entry::isEnd);
  }

  /** Waits until the attempt's end was told, in whichever way; the last word counts. */
  synchronized Outcome awaitEnded(AttemptId id, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!hasEnded(id)) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw noEnd(id, patience);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for the end of " + id, e);
      }
    }
    return about(id).stream().filter(Entry::isEnd).reduce((first, last) -> last).get().outcome();
  }

  private AssertionError noEnd(AttemptId id, Duration patience) {
    String happened =
        id + " has not ended within " + patience.toSeconds() + " s; of it was told " + about(id);
    return new AssertionError(happened);
  }

  /** Checks what holds of the reports of every attempt, whatever was done with it. */
  void check(Attempt attempt, boolean survivesHost) {
    List<Entry> told = about(attempt.id());
    List<Entry> ends = told.stream().filter(Entry::isEnd).toList();
    if (attempt.refusal().isPresent() && ends.stream().noneMatch(Entry::recovered)) {
      BrokenSentence.unless(
          Sentences.CANNOT_START, () -> assertThat(told).as("reports of %s", attempt).isEmpty());
    }
    BrokenSentence.unless(
        Sentences.STARTED_ONCE,
        () -> assertThat(attempt.starts()).as("starts of %s", attempt).isLessThan(2));
    BrokenSentence.unless(
        Sentences.ONE_END,
        () ->
            assertThat(ends.stream().filter(end -> !end.recovered()))
                .as("reported ends of %s", attempt)
                .hasSizeLessThanOrEqualTo(1));
    for (Entry end : ends) {
      BrokenSentence.unless(Sentences.STARTED_FIRST, () -> checkOrder(attempt, end, told));
      BrokenSentence.unless(Sentences.NEVER_STARTS, () -> checkRefused(attempt, end, told));
      BrokenSentence.unless(
          Sentences.EVIDENCE,
          () ->
              assertThat(ends.stream().filter(other -> survivesHost || other.life() == end.life()))
                  .as("evidence of %s, which does not change", attempt)
                  .allMatch(other -> other.outcome().equals(end.outcome())));
    }
  }

  private static void checkOrder(Attempt attempt, Entry end, List<Entry> told) {
    int at = told.indexOf(end);
    assertThat(told.subList(at, told.size()).stream().filter(later -> !later.isEnd()))
        .as("a Started after the end of %s: %s", attempt, told)
        .allMatch(later -> mayBeOvertaken(later, end));
    boolean began = attempt.starts() > 0 && end.outcome().kind() != Outcome.Kind.REFUSED;
    if (began && !end.recovered()) {
      assertThat(told.stream().filter(entry -> !entry.isEnd()))
          .as("a Started before the end of %s, whose program began: %s", attempt, told)
          .anyMatch(started -> told.indexOf(started) < at || mayBeOvertaken(started, end));
    }
  }

  /** The answer of a recovery may be overtaken by the report of the end that followed it. */
  private static boolean mayBeOvertaken(Entry started, Entry end) {
    return started.recovered() && started.life() == end.life();
  }

  private static void checkRefused(Attempt attempt, Entry end, List<Entry> told) {
    if (end.outcome().kind() == Outcome.Kind.REFUSED) {
      assertThat(attempt.starts()).as("starts of %s, which was refused", attempt).isZero();
      assertThat(told).as("what was told of %s, which was refused", attempt).allMatch(Entry::isEnd);
    }
  }

  synchronized void checkViolations() {
    if (!violations.isEmpty()) {
      BrokenSentence first = violations.get(0);
      violations.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }
}
