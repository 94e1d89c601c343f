package dev.windlass.core.job;

import dev.windlass.job.AttemptId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/**
 * What is to happen later. Timers are never taken back: one that has become pointless fires, and
 * whoever gets it sees that the attempt has moved on.
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

  private final PriorityQueue<Timer> queue =
      new PriorityQueue<>(
          Comparator.comparingLong(Timer::dueNanos).thenComparingLong(Timer::order));
  private long order;

  void set(Now now, Duration delay, Kind kind, AttemptId attempt) {
    queue.add(new Timer(now.nanos() + delay.toNanos(), order++, new Fired(kind, attempt)));
  }

  /** Takes out what is due, the earliest first. */
  List<Fired> due(Now now) {
    List<Fired> fired = new ArrayList<>();
    while (!queue.isEmpty() && queue.element().dueNanos() <= now.nanos()) {
      fired.add(queue.remove().fired());
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
    return queue.isEmpty() ? OptionalLong.empty() : OptionalLong.of(queue.element().dueNanos());
  }
}
