package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.executor.AttemptReport;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
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
  private final List<String> violations = new ArrayList<>();

  synchronized void add(Entry entry) {
    entries.add(entry);
    notifyAll();
  }

  synchronized void violation(String sentence) {
    violations.add(sentence);
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
        throw new AssertionError(
            "every launched attempt ends in an Ended: not so "
                + id
                + " within "
                + patience.toSeconds()
                + " s, of which was told "
                + about(id));
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

  /** Checks what holds of the reports of every attempt, whatever was done with it. */
  void check(Attempt attempt, boolean survivesHost) {
    List<Entry> told = about(attempt.id());
    List<Entry> reported = told.stream().filter(entry -> !entry.recovered()).toList();
    List<Entry> ends = told.stream().filter(Entry::isEnd).toList();
    if (attempt.refusal().isPresent() && ends.stream().noneMatch(Entry::recovered)) {
      assertThat(told).as("nothing is reported of %s, whose launch was refused", attempt).isEmpty();
    }
    assertThat(reported.stream().filter(Entry::isEnd))
        .as("%s ends in exactly one Ended", attempt)
        .hasSizeLessThanOrEqualTo(1);
    checkOrder(attempt, told);
    for (Entry end : ends) {
      checkEnd(attempt, end, told);
      assertThat(ends.stream().filter(other -> survivesHost || other.life() == end.life()))
          .as("evidence of %s does not change", attempt)
          .allMatch(other -> other.outcome().equals(end.outcome()));
    }
    assertThat(attempt.starts()).as("%s is started at most once", attempt).isLessThan(2);
  }

  private static void checkOrder(Attempt attempt, List<Entry> told) {
    for (Entry started : told) {
      // A recovered Started may be overtaken by the report of the end that followed it.
      assertThat(told.subList(0, told.indexOf(started)).stream().filter(Entry::isEnd))
          .as("no Started of %s follows its Ended: %s", attempt, told)
          .noneMatch(
              end -> !started.isEnd() && !(started.recovered() && started.life() == end.life()));
    }
  }

  private static void checkEnd(Attempt attempt, Entry end, List<Entry> told) {
    List<Entry> before = told.subList(0, told.indexOf(end));
    // The answer of a recovery may be overtaken by the end that followed it.
    boolean startedBefore =
        told.stream()
            .filter(entry -> !entry.isEnd())
            .anyMatch(
                entry ->
                    before.contains(entry) || (entry.recovered() && entry.life() == end.life()));
    boolean refused = end.outcome().kind() == Outcome.Kind.REFUSED;
    if (refused) {
      assertThat(attempt.starts()).as("%s was refused, so it never started", attempt).isZero();
      assertThat(told).as("%s was refused, so it never started", attempt).allMatch(Entry::isEnd);
    } else if (!end.recovered() && attempt.starts() > 0) {
      assertThat(startedBefore)
          .as("a Started precedes the Ended of %s, whose program began: %s", attempt, told)
          .isTrue();
    }
  }

  synchronized void checkViolations() {
    assertThat(violations).isEmpty();
  }
}
