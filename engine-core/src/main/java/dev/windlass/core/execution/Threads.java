package dev.windlass.core.execution;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads on which executors are called and data is staged. Bounded: what is too much at once
 * waits in a queue, which holds no more than there are attempts under way.
 */
final class Threads {
  private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

  /** Calls of an executor return soon; a few threads serve thousands of attempts. */
  private static final int CALL_THREADS = 4;

  /** Staging waits for stores and discs more than it computes. */
  private static final int STAGING_THREADS = 16;

  private static final Duration END_PATIENCE = Duration.ofSeconds(10);

  private final Map<String, ExecutorService> calls = new ConcurrentHashMap<>();
  private final ExecutorService staging = pool("windlass-staging", STAGING_THREADS);
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, factory("windlass-pauses"));

  Threads(Set<String> executors) {
    executors.forEach(name -> calls.put(name, pool("windlass-calls-" + name, CALL_THREADS)));
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static ExecutorService pool(String name, int threads) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory(name));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory factory(String name) {
    AtomicLong count = new AtomicLong();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  void call(String executor, Runnable task) {
    ExecutorService pool = calls.get(executor);
    if (pool == null) {
      throw new IllegalArgumentException("there is no executor " + executor);
    }
    run(pool, task);
  }

  void stage(Runnable task) {
    run(staging, task);
  }

  void later(Duration pause, Runnable task) {
    try {
      var unused = timer.schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the engine is closing", e);
    }
  }

  /** What comes after the end is left to the next opening of the engine. */
  private static void run(ExecutorService pool, Runnable task) {
    try {
      pool.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("the engine is closing", e);
    }
  }

  /** Takes nothing more, and interrupts what waits. */
  void stop() {
    timer.shutdownNow();
    staging.shutdownNow();
    calls.values().forEach(ExecutorService::shutdown);
  }

  void awaitEnd() {
    try {
      long deadline = System.nanoTime() + END_PATIENCE.toNanos();
      awaitEnd(staging, deadline);
      for (ExecutorService pool : calls.values()) {
        awaitEnd(pool, deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitEnd(ExecutorService pool, long deadline) throws InterruptedException {
    if (!pool.awaitTermination(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
      LOG.warn("a thread of an executor or storage does not end; it is left behind");
    }
  }
}
