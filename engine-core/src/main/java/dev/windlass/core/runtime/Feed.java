package dev.windlass.core.runtime;

import dev.windlass.core.job.Change;
import dev.windlass.core.platform.Platform;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All who follow the journal. What they are told, they read from the store, each by itself. */
final class Feed {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  private final StateStore store;
  private final Platform platform;
  private final Consumer<Change> recorder;
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();

  /** Names of consumers that have a subscription. */
  private final Set<String> consumers = ConcurrentHashMap.newKeySet();

  /** Positions that came when nothing was recorded any more: who came last to which. */
  private final Map<String, Long> lastPositions = new ConcurrentHashMap<>();

  private volatile boolean ending;

  /**
   * A feed without followers.
   *
   * @param recorder has changes recorded some time
   */
  Feed(StateStore store, Platform platform, Consumer<Change> recorder) {
    this.store = store;
    this.platform = platform;
    this.recorder = recorder;
  }

  /** The journal has gone on, or can be read again. */
  void signal() {
    followers.forEach(Follower::signal);
  }

  /** Follows what happens from now on; what is given back ends it. */
  Runnable subscribe(EventListener listener) {
    Follower follower =
        follow(EventFilter.all(), store.eventSpan().last(), listener, position -> {});
    return () -> end(follower, () -> {});
  }

  /** Follows from a position on; what is given back ends it. */
  Runnable subscribe(EventFilter filter, long after, EventListener listener) {
    store.eventSpan().check(after);
    Follower follower = follow(filter, after, listener, position -> {});
    return () -> end(follower, () -> {});
  }

  /**
   * Follows as a consumer whose position is kept; what is given back ends it.
   *
   * @param register puts the consumer on record, if it is not there
   */
  Runnable subscribe(
      String consumer, EventFilter filter, EventListener listener, Runnable register) {
    return reserving(
        consumer,
        () -> {
          register.run();
          long after = store.consumer(consumer).orElseThrow();
          Follower follower = follow(filter, after, listener, position -> keep(consumer, position));
          return () -> {
            // Only one at a time may tell a consumer; so the name is taken until this one is done.
            end(follower, () -> consumers.remove(consumer));
            if (!follower.awaitEnd(END_PATIENCE)) {
              LOG.warn("the listener of consumer {} does not return", consumer);
            }
          };
        });
  }

  /** Carries out something that must not happen while a consumer has a subscription. */
  void whileUnused(String consumer, Runnable action) {
    reserving(
            consumer,
            () -> {
              action.run();
              return () -> consumers.remove(consumer);
            })
        .run();
  }

  private Runnable reserving(String consumer, Supplier<Runnable> action) {
    if (!consumers.add(consumer)) {
      throw new EngineException(
          ErrorCode.STATE_CONFLICT,
          consumer,
          "there is a subscription of consumer '" + consumer + "' already; close it first");
    }
    boolean done = false;
    try {
      Runnable result = action.get();
      done = true;
      return result;
    } finally {
      if (!done) {
        consumers.remove(consumer);
      }
    }
  }

  private void keep(String consumer, long position) {
    if (ending) {
      lastPositions.merge(consumer, position, Math::max);
    } else {
      recorder.accept(new Change.ConsumerMoved(consumer, position));
    }
  }

  private Follower follow(
      EventFilter filter, long after, EventListener listener, LongConsumer keeper) {
    Follower follower =
        new Follower(store, filter, after, listener, platform.lane("windlass-listener"), keeper);
    followers.add(follower);
    follower.signal();
    return follower;
  }

  private void end(Follower follower, Runnable onEnd) {
    follower.close(
        () -> {
          followers.remove(follower);
          onEnd.run();
        });
  }

  /** From now on positions are kept for {@link #close} to give back. */
  void ending() {
    ending = true;
  }

  /**
   * Ends all, after they were told what is on record; from within a listener, without waiting for
   * it.
   *
   * @return the positions that consumers have come to since {@link #ending}
   */
  List<Change> close() {
    followers.forEach(Follower::finish);
    long patienceNanos = platform.clock().nanos() + END_PATIENCE.toNanos();
    for (Follower follower : followers) {
      Duration left = Duration.ofNanos(Math.max(0, patienceNanos - platform.clock().nanos()));
      if (!follower.awaitEnd(left)) {
        LOG.warn("a listener does not return; its thread is left behind");
      }
    }
    return lastPositions.entrySet().stream()
        .<Change>map(each -> new Change.ConsumerMoved(each.getKey(), each.getValue()))
        .toList();
  }
}
