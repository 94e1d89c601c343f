package dev.windlass.testkit.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads at work at the same moment; {@link #close} waits for them and fails if one failed. */
final class Crowd implements AutoCloseable {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<?>> ending = new ArrayList<>();
  private final List<Future<?>> accompanying = new ArrayList<>();
  private volatile boolean over;

  /** Something that comes to an end by itself. */
  void once(Runnable work) {
    ending.add(threads.submit(work));
  }

  /** Something done again and again, once at least, until all else has ended. */
  void meanwhile(Runnable work) {
    accompanying.add(
        threads.submit(
            () -> {
              do {
                work.run();
              } while (!over);
            }));
  }

  @Override
  public void close() {
    try {
      waitFor(ending);
      over = true;
      waitFor(accompanying);
    } finally {
      over = true;
      threads.shutdownNow();
    }
  }

  private static void waitFor(List<Future<?>> works) {
    for (Future<?> work : works) {
      try {
        work.get();
      } catch (ExecutionException e) {
        throw new AssertionError("beside others: " + e.getCause(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }
}
