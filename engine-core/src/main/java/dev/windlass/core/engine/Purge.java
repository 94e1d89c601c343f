package dev.windlass.core.engine;

import dev.windlass.JobOperation;
import dev.windlass.Retention;
import dev.windlass.core.job.Input;
import dev.windlass.core.platform.Clock;
import dev.windlass.core.platform.Lane;
import dev.windlass.core.platform.Platform;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.event.Event;
import dev.windlass.event.EventListener;
import dev.windlass.event.RecordedEvent;
import dev.windlass.job.JobId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes jobs that the retention does not keep, on a lane of its own: a few, then a pause, so that
 * other work goes on between them. It looks again when a job has ended and when the next one comes
 * of age, and asks nobody to wait: a job that is changed meanwhile is refused to it, and looked at
 * again.
 */
final class Purge implements EventListener {
  private static final Logger LOG = LoggerFactory.getLogger(Purge.class);
  private static final int STEP = 50;
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final int MOST_WAITS = 20;
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration SHORTEST_WAIT = Duration.ofMinutes(1);
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** The number of no request: nobody is told. */
  private static final long NOBODY = 0;

  private final Retention retention;
  private final StateStore store;
  private final Consumer<Input> loop;
  private final Clock clock;
  private final Lane lane;

  /** A look is due soon. */
  private final AtomicBoolean awake = new AtomicBoolean();

  /** What the last step found; the loop may not have come to it yet. On the lane only. */
  private Set<JobId> asked = Set.of();

  /** How many steps in a row have found nothing else. On the lane only. */
  private int waits;

  /** The one step that is to come, so that there is never more than one; on the lane only. */
  private Lane.Delayed next = () -> {};

  Purge(Retention retention, StateStore store, Consumer<Input> loop, Platform platform) {
    this.retention = retention;
    this.store = store;
    this.loop = loop;
    this.clock = platform.clock();
    this.lane = platform.lane("windlass-purge");
  }

  /** Looks for the first time. */
  void start() {
    wake();
  }

  /** Ends; what was asked of the loop is carried out or not. */
  void close() {
    lane.stop();
    lane.awaitEnd();
  }

  @Override
  public void onEvent(RecordedEvent recorded) {
    Event event = recorded.event();
    boolean ended =
        event instanceof Event.JobChanged changed ? changed.state().isEnded() : endsAttempt(event);
    if (ended) {
      wake();
    }
  }

  /** It may be the last of a job that was stopped. */
  private static boolean endsAttempt(Event event) {
    return event.kind() == Event.Kind.ATTEMPT_ENDED;
  }

  private void wake() {
    if (awake.compareAndSet(false, true)) {
      var unused = lane.later(SOON, this::look);
    }
  }

  private void look() {
    awake.set(false);
    if (asked.isEmpty()) {
      step();
    }
  }

  private void step() {
    try {
      List<JobId> expired = store.expired(retention, clock.instant(), STEP);
      List<JobId> fresh = expired.stream().filter(job -> !asked.contains(job)).toList();
      for (JobId job : fresh) {
        loop.accept(new Input.Operate(NOBODY, job, new JobOperation.Delete(), "retention"));
      }
      asked = Set.copyOf(expired);
      waits = fresh.isEmpty() ? waits + 1 : 0;
      if (expired.isEmpty()) {
        untilNext().ifPresent(this::stepAfter);
      } else if (waits < MOST_WAITS) {
        stepAfter(PAUSE);
      } else {
        // The loop is busy with other things, or has refused them.
        asked = Set.of();
        waits = 0;
        stepAfter(SOON);
      }
    } catch (EngineException e) {
      LOG.debug("jobs that are to go are looked for later", e);
      asked = Set.of();
      stepAfter(SHORTEST_WAIT);
    }
  }

  private void stepAfter(Duration pause) {
    next.cancel();
    next = lane.later(pause, this::step);
  }

  /** Empty if nothing comes of age before another job ends. */
  private Optional<Duration> untilNext() {
    return retention
        .age()
        .flatMap(age -> store.oldestEnd().map(end -> end.plus(age)))
        .map(due -> Duration.between(clock.instant(), due))
        .map(wait -> wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait)
        .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
  }
}
