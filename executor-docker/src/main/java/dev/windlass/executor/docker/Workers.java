package dev.windlass.executor.docker;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a session: a few that work, however many attempts there are, and one that waits
 * for times to come. Safe for several threads.
 */
final class Workers implements Executor {

  private final ExecutorService threads;
  private final ExecutorService patient;
  private final ScheduledExecutorService timer;
  private final Object idle = new Object();
  private int pending;
  private boolean closed;

  Workers(String name, int count) {
    this.threads = Executors.newFixedThreadPool(count, named(name + "-worker-"));
    this.patient = Executors.newCachedThreadPool(named(name + "-long-"));
    this.timer = Executors.newSingleThreadScheduledExecutor(named(name + "-timer-"));
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Runs a task soon. After close nothing is run any more. */
  @Override
  public void execute(Runnable task) {
    execute(task, threads);
  }

  /** The same on threads of their own, as many as are needed; for what may take longer. */
  Executor unlimited() {
    return task -> execute(task, patient);
  }

  private void execute(Runnable task, Executor on) {
    synchronized (idle) {
      if (closed) {
        return;
      }
      pending++;
    }
    on.execute(() -> run(task));
  }

  private void run(Runnable task) {
    try {
      task.run();
    } finally {
      synchronized (idle) {
        pending--;
        idle.notifyAll();
      }
    }
  }

  /** Threads for what may take long, and is not waited for at the end; as many as are needed. */
  Executor forLong() {
    return patient;
  }

  /** Does something later, on the timer's thread; it must be short. */
  void later(Duration delay, Runnable action) {
    try {
      var unused = timer.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // Closed: nothing that was to come will be.
    }
  }

  /** Does something again and again. */
  void every(Duration period, Runnable action) {
    var unused =
        timer.scheduleWithFixedDelay(
            action, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Waits until nothing is left to do, but not for ever, and ends the threads. */
  void close(Duration most) {
    timer.shutdownNow();
    long deadline = System.nanoTime() + most.toNanos();
    boolean interrupted = false;
    synchronized (idle) {
      long left = most.toMillis();
      while (pending > 0 && left > 0 && !interrupted) {
        try {
          idle.wait(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      }
      closed = true;
    }
    threads.shutdownNow();
    patient.shutdownNow();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
