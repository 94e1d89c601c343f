package dev.windlass.core.platform;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lane on daemon threads of its own, which end when there is nothing to do for a while. */
final class ThreadLane implements Lane {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadLane.class);
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final ScheduledThreadPoolExecutor pool;
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  ThreadLane(String name, int width) {
    pool = new ScheduledThreadPoolExecutor(width, factory(name, width));
    pool.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
    pool.allowCoreThreadTimeOut(true);
    pool.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    // What is given up must not be kept until it would have been due.
    pool.setRemoveOnCancelPolicy(true);
  }

  private ThreadFactory factory(String name, int width) {
    AtomicLong count = new AtomicLong();
    return task -> {
      Thread thread =
          new Thread(
              () -> {
                threads.add(Thread.currentThread());
                try {
                  task.run();
                } finally {
                  threads.remove(Thread.currentThread());
                }
              },
              width == 1 ? name : name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public void execute(Runnable task) {
    try {
      pool.execute(guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("the lane has ended", e);
    }
  }

  @Override
  public Delayed later(Duration pause, Runnable task) {
    try {
      Future<?> future =
          pool.schedule(guarded(task), Math.max(0, pause.toNanos()), TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      LOG.debug("the lane has ended", e);
      return () -> {};
    }
  }

  /** A task that fails is told of; the lane goes on. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        LOG.error("a task failed", e);
        throw e;
      }
    };
  }

  @Override
  public boolean isCurrent() {
    return threads.contains(Thread.currentThread());
  }

  @Override
  public void end() {
    pool.shutdown();
  }

  @Override
  public void stop() {
    pool.shutdownNow();
  }

  @Override
  public boolean awaitEnd(Duration atMost) {
    if (isCurrent()) {
      return true;
    }
    boolean interrupted = Thread.interrupted();
    try {
      long deadline = System.nanoTime() + atMost.toNanos();
      while (true) {
        try {
          long left = Math.max(0, deadline - System.nanoTime());
          return pool.awaitTermination(left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
