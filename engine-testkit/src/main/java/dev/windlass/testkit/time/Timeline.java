package dev.windlass.testkit.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/**
 * Virtual time, and all that is still to happen in it, on one thread.
 *
 * <p>There is an agenda of things that happen at a time, and lanes whose tasks are ready to run. At
 * each step one of them happens; which one, chance decides. What happens may let time pass in its
 * midst ({@link #pass}); other things happen then, nested, so that a slow disc or a long upload
 * stands beside whatever else goes on, as on a machine of several threads.
 */
public final class Timeline {

  /** So much time at most goes by with the running of one task of a lane. */
  private static final int MOST_NANOS_PER_TASK = 50_000;

  /** A thread may be kept waiting for about this long although it could run. */
  private static final long LONGEST_DELAY_NANOS = Duration.ofMillis(20).toNanos();

  /** Deeper than this nothing else happens while time passes. */
  private static final int DEEPEST = 24;

  private final Random random;
  private final boolean calm;
  private final PriorityQueue<Entry> agenda = new PriorityQueue<>();
  private final List<SimulatedLane> lanes = new ArrayList<>();
  private long nanos;
  private long entries;
  private long steps;
  private int depth;
  private int lanesInside;

  /** Something on the agenda. */
  private static final class Entry implements Comparable<Entry> {
    final long nanos;
    final long number;
    final Runnable what;
    boolean cancelled;

    Entry(long nanos, long number, Runnable what) {
      this.nanos = nanos;
      this.number = number;
      this.what = what;
    }

    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  public Timeline(Random random) {
    this(random, false);
  }

  private Timeline(Random random, boolean calm) {
    this.random = random;
    this.calm = calm;
  }

  /**
   * Time in which only what is on the agenda takes any: tasks of lanes take none, and all that is
   * ready happens before the next thing on the agenda. Chance decides the order of lanes only.
   */
  public static Timeline calm(Random random) {
    return new Timeline(random, true);
  }

  /** Time since the beginning. */
  public long nanos() {
    return nanos;
  }

  /** How many things have happened. */
  public long steps() {
    return steps;
  }

  public Random random() {
    return random;
  }

  /** A random time up to a longest one; none in calm time. */
  public Duration upTo(Duration longest) {
    if (calm) {
      return Duration.ZERO;
    }
    return Duration.ofNanos((long) (random.nextDouble() * longest.toNanos()));
  }

  /**
   * Says whether a task of a lane is under way, in whose midst time passes. Nobody may then wait
   * for what that lane does next.
   */
  public boolean isInsideLane() {
    return lanesInside > 0;
  }

  /** Says whether something is happening, and the caller is part of it. */
  public boolean isInsideStep() {
    return depth > 0;
  }

  /** Says whether nothing more happens before time passes. */
  public boolean isSettled() {
    dropCancelled();
    Entry next = agenda.peek();
    return (next == null || next.nanos > nanos) && lanes.stream().noneMatch(SimulatedLane::isReady);
  }

  /** Puts something on the agenda; what is given back takes it off again. */
  public Runnable after(Duration pause, Runnable what) {
    long at = nanos + Math.max(0, saturated(pause));
    Entry entry = new Entry(at < 0 ? Long.MAX_VALUE : at, entries++, what);
    agenda.add(entry);
    return () -> entry.cancelled = true;
  }

  private static long saturated(Duration pause) {
    try {
      return pause.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  public void add(SimulatedLane lane) {
    lanes.add(lane);
  }

  public void remove(SimulatedLane lane) {
    lanes.remove(lane);
  }

  /** Lets one thing happen; false if nothing is left to happen. */
  public boolean step() {
    steps++;
    dropCancelled();
    int ready = readyLanes();
    Entry next = agenda.peek();
    if (ready == 0 && next == null) {
      return false;
    }
    if (next != null && (ready == 0 || isSooner(next))) {
      agenda.remove(next);
      nanos = Math.max(nanos, next.nanos);
      nested(next.what);
    } else {
      nanos += calm ? 0 : random.nextInt(MOST_NANOS_PER_TASK);
      SimulatedLane lane = readyLane(random.nextInt(ready));
      lanesInside++;
      try {
        nested(lane::runNext);
      } finally {
        lanesInside--;
      }
    }
    return true;
  }

  // Loops without objects: this runs at every step.

  private int readyLanes() {
    int ready = 0;
    for (SimulatedLane lane : lanes) {
      ready += lane.isReady() ? 1 : 0;
    }
    return ready;
  }

  private SimulatedLane readyLane(int number) {
    int left = number;
    for (SimulatedLane lane : lanes) {
      if (lane.isReady() && left-- == 0) {
        return lane;
      }
    }
    throw new AssertionError("no ready lane " + number);
  }

  private boolean isSooner(Entry next) {
    return next.nanos <= nanos
        || (!calm && next.nanos - nanos < LONGEST_DELAY_NANOS && random.nextInt(8) == 0);
  }

  private void nested(Runnable what) {
    depth++;
    try {
      what.run();
    } finally {
      depth--;
    }
  }

  private void dropCancelled() {
    Entry next = agenda.peek();
    while (next != null && next.cancelled) {
      agenda.remove();
      next = agenda.peek();
    }
  }

  /** Lets time pass in the midst of something. */
  public void pass(Duration duration) {
    long end = nanos + duration.toNanos();
    if (depth < DEEPEST) {
      Runnable alarm = after(duration, () -> {});
      while (nanos < end && step()) {
        // until it is time
      }
      alarm.run();
    }
    nanos = Math.max(nanos, end);
  }

  /**
   * Lets things happen until a condition holds.
   *
   * @return false if nothing is left to happen and it does not hold
   */
  public boolean runUntil(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      if (!step()) {
        return holds.getAsBoolean();
      }
    }
    return true;
  }
}
