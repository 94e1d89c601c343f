package dev.windlass.cli;

import dev.windlass.Engine;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Waits for jobs while somebody watches.
 *
 * <p>A first Ctrl-C stops the jobs and waits until nothing of them runs. A stop is durable and
 * cannot be taken back, so it waits a moment for a second Ctrl-C, which means the opposite: leave
 * at once, and let everything go on. A second one after that moment leaves too; what was already
 * told to end is then seen to its end by the next engine on this directory.
 */
final class Foreground implements AutoCloseable {

  /** How the wait ended. */
  enum Ending {
    /** All jobs are over. */
    OVER,
    /** The user left before. */
    LEFT
  }

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /** How long the first Ctrl-C waits for a second one: as long as it takes to read a line. */
  private static final Duration SECOND_THOUGHTS = Duration.ofSeconds(2);

  private final Engine engine;
  private final Interrupts interrupts;
  private final Progress progress;
  private final Fetches fetches;

  /** In the order in which they were added; the last look at each. */
  private final Map<JobId, Snapshot> jobs = new LinkedHashMap<>();

  private long firstRequestNanos;
  private boolean announced;
  private boolean stopped;

  /**
   * Jobs of an engine.
   *
   * @param fetches what there is to say about images
   */
  Foreground(Engine engine, Interrupts interrupts, Progress progress, Fetches fetches) {
    this.fetches = fetches;
    this.engine = engine;
    this.interrupts = interrupts;
    this.progress = progress;
  }

  /** Begins to wait for a job. */
  void add(JobId job, JobDescription description) {
    jobs.put(job, Snapshot.accepted(job, description, Instant.now()));
  }

  /** Where the jobs stood at the last look. */
  List<Snapshot> snapshots() {
    return List.copyOf(jobs.values());
  }

  /** Waits until all jobs are over or the user leaves. */
  Ending await() throws InterruptedException {
    while (true) {
      jobs.replaceAll(this::look);
      fetches.take().forEach(progress::say);
      progress.show(snapshots());
      Optional<JobId> open =
          jobs.values().stream()
              .map(Snapshot::job)
              .filter(job -> !job.isOver())
              .map(job -> job.id())
              .findFirst();
      if (open.isEmpty()) {
        return Ending.OVER;
      }
      if (interrupts.isHungUp() || interrupts.requests() > 1) {
        sayGoodbye();
        return Ending.LEFT;
      }
      if (interrupts.requests() == 1) {
        mindRequest();
      }
      pause(open.get());
    }
  }

  private Snapshot look(JobId id, Snapshot last) {
    if (last.job().isOver()) {
      return last;
    }
    // It has released itself, or was deleted through the control socket.
    return Snapshot.of(engine, id).orElseGet(() -> gone(id, last));
  }

  /** The journal keeps what happened to a job that is gone. */
  private Snapshot gone(JobId id, Snapshot last) {
    JobEnd end = new JobEnd();
    EventQuery query = EventQuery.of(EventFilter.all().ofJob(id));
    EventPage page = engine.events(query);
    page.events().forEach(recorded -> end.see(recorded.event()));
    while (page.more()) {
      page = engine.events(query.after(page.end()));
      page.events().forEach(recorded -> end.see(recorded.event()));
    }
    return end.of(last, Instant.now());
  }

  private void mindRequest() {
    if (!announced) {
      announced = true;
      firstRequestNanos = System.nanoTime();
      progress.say(
          "stopping in %d s; Ctrl-C again leaves now, and the programs go on"
              .formatted(SECOND_THOUGHTS.toSeconds()));
    } else if (!stopped && System.nanoTime() - firstRequestNanos >= SECOND_THOUGHTS.toNanos()) {
      stopped = true;
      progress.say("stopping; waiting until nothing runs any more");
      jobs.values().stream().filter(job -> !job.job().state().isEnded()).forEach(this::stop);
    }
  }

  private void stop(Snapshot job) {
    try {
      engine.stop(job.job().id());
    } catch (EngineException e) {
      if (e.code() != ErrorCode.STATE_CONFLICT && e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      // It ended by itself in this very moment.
    }
  }

  private void sayGoodbye() {
    progress.say(
        stopped
            ? "left before everything was gone; 'windlass resume' sees to the rest"
            : "left; running programs go on, and 'windlass resume' takes them up again");
  }

  private void pause(JobId open) throws InterruptedException {
    try {
      engine.await(open, BETWEEN_LOOKS);
    } catch (EngineException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    progress.close();
  }
}
