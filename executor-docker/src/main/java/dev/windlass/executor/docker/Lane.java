package dev.windlass.executor.docker;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other on shared threads: what is done about one attempt never overlaps,
 * while many attempts go on at once. Safe for several threads.
 */
final class Lane {

  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  private final Executor threads;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean busy;

  Lane(Executor threads) {
    this.threads = threads;
  }

  void run(Runnable task) {
    synchronized (this) {
      waiting.add(task);
      if (busy) {
        return;
      }
      busy = true;
    }
    threads.execute(this::next);
  }

  /**
   * Runs a task unless there is something else to do.
   *
   * @return whether it will run
   */
  boolean runIfFree(Runnable task) {
    synchronized (this) {
      if (busy) {
        return false;
      }
      waiting.add(task);
      busy = true;
    }
    threads.execute(this::next);
    return true;
  }

  private void next() {
    Runnable task;
    synchronized (this) {
      task = waiting.remove();
    }
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      // The edge of the lane: one bad step must not end what is done about the attempt.
      LOG.error("a step about an attempt failed", e);
    }
    synchronized (this) {
      if (waiting.isEmpty()) {
        busy = false;
        return;
      }
    }
    threads.execute(this::next);
  }
}
