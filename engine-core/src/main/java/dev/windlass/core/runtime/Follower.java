package dev.windlass.core.runtime;

import dev.windlass.core.platform.Lane;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.EventsPurgedException;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventListener;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.event.RecordedEvent;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one listener of the journal, on a lane of its own. Holds no more than a page of it: one
 * that lags reads what it lacks from the store.
 */
final class Follower {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final int PAGE = 256;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** A position that was not kept yet is, once it is so much further, though nothing was told. */
  private static final long KEPT_AT_LEAST_EVERY = 1_000;

  private final StateStore store;
  private final EventFilter filter;
  private final EventListener listener;
  private final Lane lane;
  private final LongConsumer keeper;

  /** True while a run is on its way that will see what is in the journal now. */
  private final AtomicBoolean running = new AtomicBoolean();

  private volatile boolean closed;

  // Owned by the lane.
  private long position;
  private long kept;
  private boolean toldSinceKept;
  private boolean pausing;
  private Duration pause = FIRST_PAUSE;

  /**
   * A follower that begins with the first signal.
   *
   * @param after the position that the listener has come to
   * @param lane of this follower alone
   * @param keeper is told, on the lane, the position that the listener has come to now
   */
  Follower(
      StateStore store,
      EventFilter filter,
      long after,
      EventListener listener,
      Lane lane,
      LongConsumer keeper) {
    this.store = store;
    this.filter = filter;
    this.listener = listener;
    this.lane = lane;
    this.keeper = keeper;
    this.position = after;
    this.kept = after;
  }

  /** The journal may have gone on. May be called from any thread. */
  void signal() {
    if (!closed && running.compareAndSet(false, true)) {
      lane.execute(this::run);
    }
  }

  private void run() {
    running.set(false);
    boolean more = !pausing;
    while (more && !closed) {
      more = tellPage();
    }
  }

  /** Says whether there is more to tell now. */
  private boolean tellPage() {
    EventPage page;
    try {
      page = store.events(EventQuery.of(filter).after(position).limit(PAGE));
    } catch (EventsPurgedException e) {
      return miss(e.oldest());
    } catch (EngineException e) {
      LOG.warn("a listener is told of events later: {}", e.getMessage());
      pause();
      return false;
    }
    boolean all = tell(page);
    if (all) {
      position = page.end();
    }
    keepPosition();
    return all && page.more();
  }

  private boolean tell(EventPage page) {
    for (RecordedEvent recorded : page.events()) {
      if (closed || !tell(recorded)) {
        return false;
      }
      position = recorded.position();
      toldSinceKept = true;
    }
    return true;
  }

  private boolean tell(RecordedEvent recorded) {
    try {
      listener.onEvent(recorded);
      pause = FIRST_PAUSE;
      return true;
    } catch (RuntimeException | Error e) {
      if (closed) {
        LOG.debug("a listener has not taken {} before its end", recorded, e);
      } else {
        LOG.error("a listener failed at {}; it is told again", recorded, e);
      }
      pause();
      return false;
    }
  }

  private boolean miss(long oldest) {
    LOG.warn("a listener lags: the events {} to {} were purged", position + 1, oldest - 1);
    try {
      listener.onMissed(position + 1, oldest - 1);
    } catch (RuntimeException | Error e) {
      LOG.error("a listener failed at events that were purged", e);
    }
    position = oldest - 1;
    return true;
  }

  private void pause() {
    pausing = true;
    Duration now = pause;
    Duration twice = now.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    lane.later(
        now,
        () -> {
          pausing = false;
          run();
        });
  }

  private void keepPosition() {
    if (position > kept && (toldSinceKept || position - kept >= KEPT_AT_LEAST_EVERY)) {
      kept = position;
      toldSinceKept = false;
      keeper.accept(position);
    }
  }

  /**
   * Tells nothing more, except what is being told. Idempotent; may be called from any thread.
   *
   * @param onEnd is run on the lane when nothing is being told any more and the position is kept
   */
  void close(Runnable onEnd) {
    closed = true;
    lane.execute(
        () -> {
          keepPosition();
          onEnd.run();
        });
    lane.end();
  }

  /** Tells what is in the journal now, if the listener is not pausing, and then nothing more. */
  void finish() {
    signal();
    lane.end();
  }

  /**
   * Waits for the end after {@link #finish}, and closes.
   *
   * @return false if the listener did not return in time
   */
  boolean awaitEnd(Duration atMost) {
    boolean ended = lane.awaitEnd(atMost);
    closed = true;
    return ended;
  }
}
