package dev.windlass.core.runtime;

import dev.windlass.core.job.Change;
import dev.windlass.core.platform.Clock;
import dev.windlass.core.platform.Lane;
import dev.windlass.core.store.EventSpan;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.event.EventRetention;
import dev.windlass.event.RecordedEvent;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the oldest events purged, on a lane of its own: looks now and then, while new events come,
 * whether there are too many or too old ones, and has a small step recorded, then the next.
 */
final class EventPurger {
  private static final Logger LOG = LoggerFactory.getLogger(EventPurger.class);

  /** So many events go at once at most; the commit that takes them is a short one. */
  private static final int STEP = 1_000;

  private final StateStore store;
  private final EventRetention retention;
  private final Clock clock;
  private final Lane lane;
  private final Consumer<Change> recorder;

  /** So many events come between two looks. */
  private final long interval;

  private final AtomicLong sinceLook = new AtomicLong();

  /**
   * A purger.
   *
   * @param recorder has changes recorded some time
   */
  EventPurger(
      StateStore store,
      EventRetention retention,
      Clock clock,
      Lane lane,
      Consumer<Change> recorder) {
    this.store = store;
    this.retention = retention;
    this.clock = clock;
    this.lane = lane;
    this.recorder = recorder;
    this.interval = Math.max(1, Math.min(STEP, retention.count().orElse(STEP * 10L) / 10));
  }

  /** So many events came. May be called from any thread. */
  void recorded(int events) {
    if (sinceLook.addAndGet(events) >= interval) {
      look();
    }
  }

  /** Looks now: at the beginning, and after each step. May be called from any thread. */
  void look() {
    sinceLook.set(0);
    lane.execute(this::purge);
  }

  private void purge() {
    try {
      EventSpan span = store.eventSpan();
      long last = Math.max(tooMany(span), tooOld(span));
      if (last >= span.oldest()) {
        recorder.accept(new Change.EventsPurged(last));
      }
    } catch (EngineException e) {
      LOG.debug("events are purged later", e); // the store has failed, and is opened anew
    }
  }

  /** Up to where there are too many; before the oldest if there are not. */
  private long tooMany(EventSpan span) {
    long excess = span.count() - retention.count().orElse(Long.MAX_VALUE);
    return span.oldest() - 1 + Math.max(0, Math.min(STEP, excess));
  }

  private long tooOld(EventSpan span) {
    long none = span.oldest() - 1;
    if (retention.age().isEmpty() || span.count() < 2) {
      return none;
    }
    Instant since = clock.instant().minus(retention.age().get());
    EventQuery all = EventQuery.all().after(none);
    if (!isOld(store.events(all.limit(1)), since)) {
      return none;
    }
    long last = none;
    for (RecordedEvent recorded : store.events(all.limit(STEP)).events()) {
      if (!recorded.event().at().isBefore(since)) {
        return last;
      }
      last = recorded.position();
    }
    return Math.min(last, span.last() - 1);
  }

  private static boolean isOld(EventPage page, Instant since) {
    return page.events().stream().anyMatch(recorded -> recorded.event().at().isBefore(since));
  }

  /** Looks no more. Blocks. */
  void close() {
    lane.stop();
    lane.awaitEnd();
  }
}
