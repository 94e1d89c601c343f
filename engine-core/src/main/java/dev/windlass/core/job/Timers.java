package dev.windlass.core.job;

import dev.windlass.job.AttemptId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * What is to happen later, at most one thing for each attempt. One that has become pointless all
 * the same fires, and whoever gets it sees that the attempt has moved on.
 */
final class Timers {

  /** Why a timer was set. */
  enum Kind {
    /** The attempt has run for as long as its task allows. */
    TIMEOUT,
    /** The pause after the attempt's failure is over. */
    RETRY
  }

  /** A timer that has fired. */
  record Fired(Kind kind, AttemptId attempt) {}

  private record Timer(long dueNanos, long order, Fired fired) {}

  private final TreeSet<Timer> queue =
      new TreeSet<>(Comparator.comparingLong(Timer::dueNanos).thenComparingLong(Timer::order));

  private final Map<AttemptId, Timer> byAttempt = new HashMap<>();
  private long order;

  /** Sets the timer of an attempt, in place of another that it may have. */
  void set(Now now, Duration delay, Kind kind, AttemptId attempt) {
    takeBack(attempt);
    Timer timer = new Timer(now.nanos() + delay.toNanos(), order++, new Fired(kind, attempt));
    queue.add(timer);
    byAttempt.put(attempt, timer);
  }

  /**
   * Takes back the timer of an attempt, if it has one. A timeout of days must not outlive an
   * attempt of seconds: memory grows with what runs.
   */
  void takeBack(AttemptId attempt) {
    Timer timer = byAttempt.remove(attempt);
    if (timer != null) {
      queue.remove(timer);
    }
  }

  /** How many are set. */
  int count() {
    return queue.size();
  }

  /** Takes out what is due, the earliest first. */
  List<Fired> due(Now now) {
    List<Fired> fired = new ArrayList<>();
    while (!queue.isEmpty() && queue.first().dueNanos() <= now.nanos()) {
      Fired next = queue.first().fired();
      takeBack(next.attempt());
      fired.add(next);
    }
    return fired;
  }

  /** The attempts whose pauses are over at a time, and may have been over before. */
  List<AttemptId> retriesUntil(long nanos) {
    return queue.stream()
        .filter(timer -> timer.dueNanos() <= nanos && timer.fired().kind() == Kind.RETRY)
        .map(timer -> timer.fired().attempt())
        .toList();
  }

  /** When the next one is due. */
  OptionalLong nextNanos() {
    return queue.isEmpty() ? OptionalLong.empty() : OptionalLong.of(queue.first().dueNanos());
  }
}
