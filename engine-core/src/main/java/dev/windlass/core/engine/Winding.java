package dev.windlass.core.engine;

import dev.windlass.Closing;
import dev.windlass.core.platform.Platform;
import dev.windlass.core.runtime.EngineLoop;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings running work to its end before an engine is closed. */
final class Winding {
  private static final Logger LOG = LoggerFactory.getLogger(Winding.class);

  /** For what comes after the grace of a program: its executor's report, and what is recorded. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A store that failed has forgotten who asked. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(2);

  private static final Duration PAUSE = Duration.ofMillis(100);

  /** More than anybody waits, and little enough to be counted in nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final EngineLoop loop;
  private final Platform platform;
  private final Duration stopGrace;

  /**
   * Kept when somebody else wants the engine closed too: what is drained is waited for no longer.
   */
  private final CompletableFuture<Void> hurry = new CompletableFuture<>();

  Winding(EngineLoop loop, Platform platform, Duration stopGrace) {
    this.loop = loop;
    this.platform = platform;
    this.stopGrace = stopGrace;
  }

  /** A drain waits no longer and leaves what runs to itself; what is being ended is ended. */
  void hurry() {
    hurry.complete(null);
  }

  /** Does what is to be done before the engine ends. Blocks. An interrupt ends the wait. */
  void down(Closing how) {
    if (how.kind() == Closing.Kind.DETACH) {
      return;
    }
    try {
      if (how.kind() == Closing.Kind.DRAIN
          && (isIdleWithin(false, how.atMost(), hurry) || hurry.isDone())) {
        return;
      }
      if (!isIdleWithin(true, stopGrace.plus(PATIENCE), new CompletableFuture<>())) {
        LOG.warn(
            "the engine is closed while something of it still runs; the next one will see to it");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isIdleWithin(boolean endsWork, Duration atMost, CompletableFuture<Void> givenUp)
      throws InterruptedException {
    long left = (atMost.compareTo(LONGEST) < 0 ? atMost : LONGEST).toNanos();
    long end = platform.clock().nanos() + left;
    while (left > 0 && !givenUp.isDone()) {
      CompletableFuture<Void> idle = loop.windDown(endsWork);
      Duration wait = Duration.ofNanos(Math.min(left, ASK_AGAIN.toNanos()));
      if (platform.await(CompletableFuture.anyOf(idle, givenUp), wait) && idle.isDone()) {
        if (!idle.isCompletedExceptionally()) {
          return true;
        } else if (!isStoreAway(idle)) {
          return false;
        }
        platform.await(givenUp, PAUSE);
      }
      left = end - platform.clock().nanos();
    }
    return false;
  }

  private static boolean isStoreAway(CompletableFuture<Void> broken) {
    try {
      broken.join();
      return false;
    } catch (CompletionException e) {
      return e.getCause() instanceof EngineException cause
          && cause.code() == ErrorCode.STORE_UNAVAILABLE;
    }
  }
}
