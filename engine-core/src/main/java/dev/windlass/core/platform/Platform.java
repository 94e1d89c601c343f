package dev.windlass.core.platform;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What the engine needs of the machine that carries it: clocks and threads. */
public interface Platform {

  /** The clocks. */
  Clock clock();

  /**
   * A new lane that runs one task at a time, in order.
   *
   * @param name for people, such as {@code windlass-loop}
   */
  default Lane lane(String name) {
    return lane(name, 1);
  }

  /**
   * A new lane.
   *
   * @param width how many tasks run at once, at least 1
   */
  Lane lane(String name, int width);

  /**
   * Blocks the caller until a promise is kept or broken. An interrupt does not break the wait; it
   * is kept for the caller.
   */
  void await(CompletableFuture<?> promise);

  /**
   * Blocks the caller until a promise is kept or broken, or the time is over.
   *
   * @return whether it is kept or broken
   * @throws InterruptedException if the caller is interrupted
   */
  boolean await(CompletableFuture<?> promise, Duration atMost) throws InterruptedException;
}
