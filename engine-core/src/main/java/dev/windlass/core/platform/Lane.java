package dev.windlass.core.platform;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * Where tasks are run: one after another in the order in which they came, or several at once if it
 * was made so. All methods may be called from any thread and, except {@link #awaitEnd}, return at
 * once.
 */
public interface Lane extends Executor {

  /** Something that was put off, and can be given up. */
  @FunctionalInterface
  interface Delayed {
    /** Gives it up, unless it has begun. */
    void cancel();
  }

  /** Runs a task; one that comes after the end is dropped. */
  @Override
  void execute(Runnable task);

  /**
   * Runs a task after a while; one that is still waiting at the end is dropped.
   *
   * @param pause how long at least; not negative
   */
  Delayed later(Duration pause, Runnable task);

  /** Says whether the caller is being run by this lane. */
  boolean isCurrent();

  /** Takes nothing more. What was taken is run. */
  void end();

  /** Takes nothing more and drops what has not begun; what is running is interrupted. */
  void stop();

  /**
   * Waits until nothing is running any more, after {@link #end} or {@link #stop}. An interrupt of
   * the caller does not break the wait; it is kept for the caller. Returns at once if the caller is
   * being run by this lane.
   *
   * @return false if something still runs after the time
   */
  boolean awaitEnd(Duration atMost);

  /** Waits as {@link #awaitEnd(Duration)} does, for as long as it takes. */
  default void awaitEnd() {
    boolean over = false;
    while (!over) {
      over = awaitEnd(Duration.ofHours(1));
    }
  }
}
