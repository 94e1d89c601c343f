package dev.windlass.executor.docker;

import com.github.dockerjava.api.exception.DockerException;
import dev.windlass.executor.AttemptReport;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt as this JVM knows it. What must survive the JVM is in its container and its {@link
 * Evidence}.
 *
 * <p>Where its program runs, and how that is asked about, is the matter of its {@link Place}.
 *
 * <p>Everything but {@link #latest} happens on the attempt's {@link Lane}, one step after the
 * other. A step to which the Docker engine gives no answer, or for which the host is short of
 * something, is taken again later; so each looks first whether there is still something to do.
 */
final class Attempt {

  private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

  /** Where it stands; each leads to a later one. */
  private enum Phase {
    /** Its container is being made; no start has been asked for. */
    PREPARING,
    /** A start has been asked for; whether it worked is not known yet. */
    STARTING,
    /** The container has begun. */
    RUNNING,
    /** Reported as ended. */
    ENDED
  }

  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);
  private static final Duration LONGEST_GRACE = Duration.ofDays(365);

  /**
   * How long after its start a container is spared the TERM if it cannot be seen whether its init
   * has begun the program; see {@link Daemon#hasProgram}.
   */
  private static final Duration SETTLING = Duration.ofMillis(250);

  private static final Duration NEXT_LOOK = Duration.ofMillis(25);

  /**
   * How long output is not looked for after the start: most short programs are over by then, and
   * their output is taken at their end anyhow.
   */
  private static final Duration YOUNG = Duration.ofSeconds(2);

  /** How soon, and for how long, a begin is looked for that no event tells of. */
  private static final Duration FIRST_LOOK = Duration.ofMillis(1);

  private static final Duration LONGEST_LOOK = Duration.ofSeconds(10);

  private final AttemptId id;
  private final Evidence evidence;
  private final Tools tools;
  private final Lane lane;
  private final Place place;
  private Phase phase = Phase.PREPARING;
  private volatile @Nullable AttemptReport latest;
  private Optional<String> outsideSignal = Optional.empty();
  private final AtomicBoolean lookAsked = new AtomicBoolean();
  private boolean endSeen;
  private boolean cancelling;
  private boolean termSent;
  private long killAtNanos;
  private long begunAtNanos;

  Attempt(AttemptId id, Evidence evidence, Place place, Tools tools) {
    this.id = id;
    this.evidence = evidence;
    this.place = place;
    this.tools = tools;
    this.lane = new Lane(tools.lanes());
  }

  AttemptId id() {
    return id;
  }

  Evidence evidence() {
    return evidence;
  }

  Place place() {
    return place;
  }

  /** What was last reported, or would be. Null while it is on its way. */
  @Nullable AttemptReport latest() {
    return latest;
  }

  boolean hasEnded() {
    return latest instanceof AttemptReport.Ended;
  }

  // --- Beginning -------------------------------------------------------------------------------

  void launch(Launch launch) {
    place.watch(this::over);
    step(() -> prepare(launch));
  }

  private void prepare(Launch launch) {
    if (phase != Phase.PREPARING || tools.closing().getAsBoolean()) {
      return;
    }
    var unused =
        launch
            .prepare()
            .whenComplete((making, failure) -> step(() -> make(launch, making, failure)));
  }

  private void make(
      Launch launch, @Nullable Supplier<Optional<Outcome>> making, @Nullable Throwable thrown) {
    if (phase != Phase.PREPARING || tools.closing().getAsBoolean()) {
      return;
    }
    if (making == null) {
      // What another future throws comes wrapped.
      Throwable failure = thrown instanceof CompletionException ? thrown.getCause() : thrown;
      if (failure instanceof Images.UnavailableException unavailable) {
        endUnstarted(
            new Outcome.Refused(
                String.valueOf(unavailable.getMessage()), unavailable.isRetryable()));
      } else {
        LOG.warn("attempt {}: its image is not ready: {}", id, String.valueOf(failure));
        tools.workers().later(FIRST_RETRY, () -> launch(launch));
      }
      return;
    }
    Optional<Outcome> refusal = making.get();
    if (refusal.isPresent()) {
      endUnstarted(refusal.get());
      return;
    }
    start();
  }

  /** Only for a container that was never started: one that ended would run again. */
  private void start() {
    if (tools.closing().getAsBoolean()) {
      return;
    }
    evidence.markStarting();
    phase = Phase.STARTING;
    try {
      place.start();
      if (place.isWitness()) {
        awaitBegin(FIRST_LOOK);
      }
    } catch (DockerException e) {
      LOG.debug("attempt {}: its start was answered with an error", id, e);
      afterFailedStart(e);
    } catch (DaemonSilentException e) {
      // It may have begun all the same; that is looked for before it is asked for again.
      LOG.warn("attempt {}: its start was not answered: {}", id, e.toString());
      tools.workers().later(FIRST_RETRY, this::look);
    }
  }

  /**
   * Looks again and again for a begin that no event tells of, at intervals that grow by a quarter:
   * so it is found after at most a quarter more than it took.
   */
  private void awaitBegin(Duration next) {
    if (phase != Phase.STARTING || next.compareTo(LONGEST_LOOK) > 0) {
      return;
    }
    place
        .begun()
        .ifPresentOrElse(
            this::begin,
            () ->
                tools
                    .workers()
                    .later(next, () -> step(() -> awaitBegin(next.plus(next.dividedBy(4))))));
  }

  /** The answer alone does not say whether it began all the same. */
  private void afterFailedStart(DockerException answer) {
    ContainerState state = place.state();
    if (state.phase() == ContainerState.Phase.CREATED) {
      String error = state.error().isEmpty() ? String.valueOf(answer.getMessage()) : state.error();
      place.remove();
      end(Instant.now(), place.notStarted(error), Usage.unknown());
    } else {
      act(state);
    }
  }

  /** First without what was made for it, so that it can never start under this id. */
  private void endUnstarted(Outcome outcome) {
    place.remove();
    end(Instant.now(), outcome, Usage.unknown());
  }

  // --- Following -------------------------------------------------------------------------------

  /** Takes over a container of an earlier life that runs. */
  void adopt(ContainerState state) {
    place.watch(this::over);
    cancelling = evidence.isCancelled();
    killAtNanos = System.nanoTime() + LONGEST_GRACE.toNanos();
    termSent = cancelling;
    phase = Phase.RUNNING;
    begunAtNanos = System.nanoTime() - SETTLING.toNanos();
    latest = new AttemptReport.Started(id, state.startedAt().orElseGet(Instant::now));
    // Once more, since the end may be reported before the caller has seen the answer of recover.
    step(() -> Optional.ofNullable(latest).ifPresent(tools.reports()));
  }

  /** Settles an attempt of an earlier life whose container is over; on the caller's thread. */
  AttemptReport settle(ContainerState state) {
    cancelling = evidence.isCancelled();
    conclude(state);
    return recorded();
  }

  /** Settles an attempt of an earlier life that has no container. */
  AttemptReport settle(Outcome outcome) {
    record(new AttemptReport.Ended(id, Instant.now(), outcome, Usage.unknown()));
    return recorded();
  }

  /** Takes over an attempt whose end was recorded in an earlier life. */
  AttemptReport settle(AttemptReport.Ended end) {
    phase = Phase.ENDED;
    latest = end;
    discard();
    return end;
  }

  private AttemptReport recorded() {
    return java.util.Objects.requireNonNull(latest);
  }

  /** The event stream says that the container began. */
  void begun(Instant at) {
    step(() -> begin(at));
  }

  /** The event stream says that somebody sent it a signal. */
  void signalled(String signal) {
    step(
        () -> {
          if (!cancelling) {
            outsideSignal = Optional.of(signal);
          }
        });
  }

  /**
   * Brings into files what the program has written up to now, unless it has just begun or something
   * else is being done about the attempt. Completes when it is done with.
   */
  CompletableFuture<Void> follow() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    boolean taken =
        lane.runIfFree(
            () -> {
              try {
                if (phase == Phase.RUNNING && System.nanoTime() - begunAtNanos >= YOUNG.toNanos()) {
                  place.follow();
                }
              } catch (DaemonSilentException | DockerException | UncheckedIOException e) {
                LOG.debug("attempt {}: its output cannot be had at present", id, e);
              } finally {
                done.complete(null);
              }
            });
    if (!taken) {
      done.complete(null);
    }
    return done;
  }

  /** The event stream says that the container ended. */
  void over() {
    lane.run(() -> endSeen = true);
    look();
  }

  /** Something may have happened unseen. However often it is asked for, it waits once. */
  void look() {
    if (lookAsked.compareAndSet(false, true)) {
      step(this::lookNow);
    }
  }

  private void lookNow() {
    if (phase == Phase.STARTING || phase == Phase.RUNNING) {
      ContainerState state = place.state();
      // From here on things may change again.
      lookAsked.set(false);
      act(state);
    } else {
      lookAsked.set(false);
    }
  }

  private void act(ContainerState state) {
    switch (state.phase()) {
      case ABSENT ->
          end(
              Instant.now(),
              cancelling ? new Outcome.Cancelled() : new Outcome.Lost(place.lossReason()),
              Usage.unknown());
      case CREATED -> start();
      case RUNNING -> state.startedAt().ifPresent(this::begin);
      case ENDED -> {
        state.startedAt().ifPresent(this::begin);
        conclude(state);
        tools.reports().accept(recorded());
      }
      case REMOVING -> tools.workers().later(FIRST_RETRY, this::look);
    }
  }

  private void begin(Instant at) {
    if (phase != Phase.STARTING) {
      return;
    }
    phase = Phase.RUNNING;
    begunAtNanos = System.nanoTime();
    AttemptReport started = new AttemptReport.Started(id, at);
    latest = started;
    tools.reports().accept(started);
    press();
  }

  private void conclude(ContainerState state) {
    try {
      place.complete(state);
    } catch (IOException e) {
      throw new DaemonSilentException("the output cannot be written: " + e, e);
    }
    Outcome outcome =
        Verdict.of(
            state,
            new Verdict.Circumstances(
                cancelling,
                endSeen || place.isWitness(),
                outsideSignal,
                evidence.isFromAnotherBoot(),
                place.oomWitness()));
    Optional<Duration> wall =
        state
            .startedAt()
            .flatMap(start -> state.finishedAt().map(end -> Duration.between(start, end)))
            .filter(duration -> !duration.isNegative());
    record(new AttemptReport.Ended(id, endedAt(state), outcome, place.usage(wall)));
  }

  /**
   * The event of a start is dated a moment after it, which for a short program is after its end.
   */
  private Instant endedAt(ContainerState state) {
    Instant finished = state.finishedAt().orElseGet(Instant::now);
    AttemptReport before = latest;
    return before != null && before.at().isAfter(finished) ? before.at() : finished;
  }

  private void end(Instant at, Outcome outcome, Usage usage) {
    record(new AttemptReport.Ended(id, at, outcome, usage));
    tools.reports().accept(recorded());
  }

  /** From here on the record is the evidence, and the container is of no more use. */
  private void record(AttemptReport.Ended end) {
    evidence.recordEnd(end);
    phase = Phase.ENDED;
    latest = end;
    discard();
  }

  private void discard() {
    if (place.isRemovedAtOnce()) {
      place.remove();
      return;
    }
    tools.departing().add(id);
    step(
        () -> {
          place.remove();
          tools.departing().remove(id);
        });
  }

  // --- Ending ----------------------------------------------------------------------------------

  /** Asks for the end; a later call can only shorten the grace period. */
  void cancel(Duration grace) {
    Duration bounded = grace.compareTo(LONGEST_GRACE) > 0 ? LONGEST_GRACE : grace;
    long deadline = System.nanoTime() + bounded.toNanos();
    place.abandon();
    step(() -> cancelBy(deadline));
  }

  private void cancelBy(long deadline) {
    if (phase == Phase.ENDED) {
      return;
    }
    killAtNanos = cancelling && killAtNanos - deadline < 0 ? killAtNanos : deadline;
    cancelling = true;
    try {
      evidence.markCancelled();
    } catch (UncheckedIOException e) {
      // On a full disk programs must still come to an end.
      LOG.warn("attempt {}: its cancellation cannot be written down: {}", id, e.toString());
    }
    if (phase == Phase.PREPARING) {
      endUnstarted(new Outcome.Cancelled());
    } else {
      press();
    }
  }

  /**
   * While cancelling: TERM once there is somebody to get it, KILL when the grace period is over.
   */
  private void press() {
    if (!cancelling || phase != Phase.RUNNING) {
      return;
    }
    long now = System.nanoTime();
    if (killAtNanos - now <= 0) {
      place.signal("KILL");
      return;
    }
    if (!termSent && place.hasProgram().orElse(now - begunAtNanos >= SETTLING.toNanos())) {
      place.signal("TERM");
      termSent = true;
    }
    long soon = now + NEXT_LOOK.toNanos();
    long next = termSent || soon - killAtNanos > 0 ? killAtNanos : soon;
    tools.workers().later(Duration.ofNanos(Math.max(0, next - now)), () -> step(this::press));
  }

  // --- Steps -----------------------------------------------------------------------------------

  private void step(Runnable task) {
    step(task, FIRST_RETRY);
  }

  private void step(Runnable task, Duration nextRetry) {
    lane.run(
        () -> {
          try {
            task.run();
          } catch (DaemonSilentException | DockerException | UncheckedIOException e) {
            LOG.warn("attempt {}: asking again in {}: {}", id, nextRetry, e.toString());
            Duration doubled = nextRetry.multipliedBy(2);
            Duration then = doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
            tools.workers().later(nextRetry, () -> step(task, then));
          }
        });
  }
}
