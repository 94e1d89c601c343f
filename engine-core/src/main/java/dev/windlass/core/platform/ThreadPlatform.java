package dev.windlass.core.platform;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** This machine's clocks, and daemon threads. */
public final class ThreadPlatform implements Platform {
  private final Clock clock = Clock.system();

  /** The platform. */
  public ThreadPlatform() {}

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public Lane lane(String name, int width) {
    return new ThreadLane(name, width);
  }

  @Override
  public void await(CompletableFuture<?> promise) {
    boolean interrupted = false;
    while (!promise.isDone()) {
      try {
        await(promise, Duration.ofDays(1));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean await(CompletableFuture<?> promise, Duration atMost) throws InterruptedException {
    try {
      var unused = promise.get(saturated(atMost), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return promise.isDone();
    } catch (ExecutionException | java.util.concurrent.CancellationException e) {
      return true;
    }
  }

  private static long saturated(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }
}
