package dev.windlass.core.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The named resources of one cluster, or of the whole engine: how many there are, how many are
 * booked, and for whom some are kept.
 *
 * <p>Those of the engine are booked by all clusters, so this lies outside of their queues.
 */
public final class NamedPool {

  /** One name. */
  private static final class Counter {
    int total;
    int booked;

    /** False if nobody has said how many there are. */
    boolean known;
  }

  /**
   * What is kept for the task that holds the reservation of its priority in its cluster.
   *
   * @param wanted how many of each name it books when it begins
   */
  private record Kept(ReadyTask holder, int priority, Map<String, Integer> wanted) {}

  private final Map<String, Counter> counters = new TreeMap<>();

  /** The higher priority first, then in the order in which they were given. */
  private final List<Kept> kept = new ArrayList<>();

  private SortedMap<String, Integer> offered = Collections.emptySortedMap();

  /** A pool in which nothing is booked. */
  public NamedPool(Map<String, Integer> totals) {
    totals.forEach(this::setTotal);
  }

  /**
   * A copy to try something on.
   *
   * @param same what stands for a task in the copy
   */
  NamedPool copy(UnaryOperator<ReadyTask> same) {
    NamedPool copy = new NamedPool(Map.of());
    counters.forEach(
        (name, counter) -> {
          Counter other = copy.counter(name);
          other.total = counter.total;
          other.booked = counter.booked;
          other.known = counter.known;
        });
    for (Kept each : kept) {
      copy.kept.add(new Kept(same.apply(each.holder()), each.priority(), each.wanted()));
    }
    copy.offered = offered;
    return copy;
  }

  /** Sets how many there are of a name, whatever is booked. */
  public void setTotal(String name, int total) {
    Counter counter = counter(name);
    counter.total = total;
    counter.known = true;
    SortedMap<String, Integer> changed = new TreeMap<>(offered);
    changed.put(name, total);
    changed.values().removeIf(count -> count == 0);
    offered = Collections.unmodifiableSortedMap(changed);
  }

  /** There are these and no others, whatever is booked. */
  public void setTotals(Map<String, Integer> totals) {
    counters.values().forEach(counter -> counter.known = false);
    counters.values().forEach(counter -> counter.total = 0);
    offered = Collections.emptySortedMap();
    totals.forEach(this::setTotal);
  }

  private Counter counter(String name) {
    return counters.computeIfAbsent(name, any -> new Counter());
  }

  /** How many there are of each name; those of which there is none are left out. Immutable. */
  SortedMap<String, Integer> offered() {
    return offered;
  }

  /** Says whether it was set how many there are of a name. */
  boolean knows(String name) {
    Counter counter = counters.get(name);
    return counter != null && counter.known;
  }

  /** How many are booked of each name; those of which none is are left out. */
  public SortedMap<String, Integer> booked() {
    SortedMap<String, Integer> booked = new TreeMap<>();
    counters.forEach(
        (name, counter) -> {
          if (counter.booked > 0) {
            booked.put(name, counter.booked);
          }
        });
    return Collections.unmodifiableSortedMap(booked);
  }

  /** How many there are of a name, booked or not. */
  int total(String name) {
    Counter counter = counters.get(name);
    return counter == null ? 0 : counter.total;
  }

  /**
   * How many of its name a task could book now; less than 0 if more are booked and kept than there
   * are. What is kept for its priority and above is not there for it; but of what is kept for
   * itself and behind that, all is.
   */
  long left(String name, ReadyTask task) {
    int priority = task.job().priority();
    Counter counter = counters.get(name);
    long left = counter == null ? 0 : (long) counter.total - counter.booked;
    for (Kept each : kept) {
      if (each.holder() == task || each.priority() < priority) {
        break;
      }
      left -= each.wanted().getOrDefault(name, 0);
    }
    return left;
  }

  void book(String name, int count) {
    counter(name).booked += count;
  }

  void giveBack(String name, int count) {
    counter(name).booked -= count;
  }

  /** Keeps what a task needs, behind what is kept for its priority and above already. */
  void keep(ReadyTask holder, Map<String, Integer> wanted) {
    int priority = holder.job().priority();
    int place = 0;
    while (place < kept.size() && kept.get(place).priority() >= priority) {
      place++;
    }
    kept.add(place, new Kept(holder, priority, wanted));
  }

  /** Keeps it no longer. */
  void letGo(ReadyTask holder) {
    kept.removeIf(each -> each.holder() == holder);
  }
}
