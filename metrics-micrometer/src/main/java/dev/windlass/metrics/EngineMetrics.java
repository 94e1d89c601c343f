package dev.windlass.metrics;

import dev.windlass.AttemptStatus;
import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.Page;
import dev.windlass.cluster.ClusterState;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.Event;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventListener;
import dev.windlass.event.RecordedEvent;
import dev.windlass.job.AttemptId;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Meters of one engine, in a registry of the host.
 *
 * <pre>{@code
 * try (EngineMetrics metrics = EngineMetrics.bind(engine, registry)) {
 *   ...
 * }
 * }</pre>
 *
 * <p>They are kept by a listener of the engine's journal, on a thread of its own, so they cost the
 * engine nothing but a question for each attempt that ends, and follow what happens by moments.
 * They begin with what happens from now on; gauges show what there is.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>type</th><th>tags</th><th>what</th></tr>
 * <tr><td>{@code windlass.jobs.open}</td><td>gauge</td><td>{@code state}: {@code waiting}, {@code
 *     running}</td><td>jobs that are not over</td></tr>
 * <tr><td>{@code windlass.jobs.ended}</td><td>counter</td><td>{@code state}: {@code finished},
 *     {@code failed}, {@code stopped}</td><td>jobs that have come to an end, each time they
 *     do</td></tr>
 * <tr><td>{@code windlass.attempts.running}</td><td>gauge</td><td></td><td>attempts whose program
 *     was seen to start since the meters were bound, and not to end</td></tr>
 * <tr><td>{@code windlass.attempts.ended}</td><td>counter</td><td>{@code outcome}: {@code exited},
 *     {@code out-of-memory} and so on; {@code success}: {@code true}, {@code false}</td>
 *     <td>attempts that are over</td></tr>
 * <tr><td>{@code windlass.attempts.phase}</td><td>timer</td><td>{@code phase}: {@code waiting},
 *     {@code staging}, {@code running}, {@code publishing}</td><td>how long attempts that are over
 *     were in each phase that they came to</td></tr>
 * <tr><td>{@code windlass.attempts.staged}, {@code windlass.attempts.published}</td><td>summary of
 *     bytes</td><td></td><td>what was copied in for an attempt that is over, and published of
 *     it</td></tr>
 * <tr><td>{@code windlass.nodes}</td><td>gauge</td><td>{@code cluster}, {@code state}</td>
 *     <td>nodes of clusters that are there</td></tr>
 * <tr><td>{@code windlass.events.lag}</td><td>gauge</td><td></td><td>events of the journal that
 *     these meters have not counted yet</td></tr>
 * </table>
 *
 * <p>No tag holds the name of a job, a task or a user, of which there is no end. All methods may be
 * called from any thread.
 */
public final class EngineMetrics implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EngineMetrics.class);

  private final Engine engine;
  private final MeterRegistry registry;
  private final Collection<Meter> meters = ConcurrentHashMap.newKeySet();
  private final Map<JobId, State> openJobs = new ConcurrentHashMap<>();
  private final Set<AttemptId> running = ConcurrentHashMap.newKeySet();
  private final MultiGauge nodes;
  private final Map<Phase, Timer> phases = new EnumMap<>(Phase.class);
  private final DistributionSummary staged;
  private final DistributionSummary published;
  private volatile long position;
  private final Engine.Subscription subscription;

  private enum Phase {
    WAITING,
    STAGING,
    RUNNING,
    PUBLISHING
  }

  private EngineMetrics(Engine engine, MeterRegistry registry) {
    this.engine = engine;
    this.registry = registry;
    // Before what is there is looked at, so that no change falls between.
    this.position = engine.lastPosition();
    List.of(State.WAITING, State.RUNNING).forEach(this::noteOpenJobs);
    registerGauges();
    this.nodes =
        MultiGauge.builder("windlass.nodes")
            .description("Nodes of clusters that are there")
            .register(registry);
    for (Phase phase : Phase.values()) {
      phases.put(
          phase,
          kept(
              Timer.builder("windlass.attempts.phase")
                  .description("How long attempts that are over were in each phase")
                  .tag("phase", inTag(phase))
                  .register(registry)));
    }
    this.staged = bytes("windlass.attempts.staged", "What was copied in for an attempt");
    this.published = bytes("windlass.attempts.published", "What was published of an attempt");
    countNodes();
    this.subscription = engine.subscribe(EventFilter.all(), position, new Counting());
  }

  /**
   * Puts the meters of an engine into a registry. Several engines in one registry need a common tag
   * each ({@code registry.config().commonTags}), or a registry each.
   *
   * @param engine open; the meters stop with it
   * @param registry where they are registered until this is closed
   * @return removes them when closed
   * @throws EngineException if the engine is closed or cannot be asked
   */
  public static EngineMetrics bind(Engine engine, MeterRegistry registry) {
    return new EngineMetrics(engine, registry);
  }

  /** Ends the counting and removes the meters from the registry. Idempotent. */
  @Override
  public void close() {
    subscription.close();
    nodes.register(List.of(), true);
    meters.forEach(registry::remove);
  }

  // ---- what there is ----

  private void registerGauges() {
    for (State state : List.of(State.WAITING, State.RUNNING)) {
      kept(
          Gauge.builder(
                  "windlass.jobs.open",
                  openJobs,
                  open -> open.values().stream().filter(state::equals).count())
              .description("Jobs that are not over")
              .tag("state", inTag(state))
              .register(registry));
    }
    kept(
        Gauge.builder("windlass.attempts.running", running, Set::size)
            .description("Attempts whose program runs")
            .register(registry));
    kept(
        Gauge.builder("windlass.events.lag", this, EngineMetrics::lag)
            .description("Events of the journal that are not counted yet")
            .register(registry));
  }

  private DistributionSummary bytes(String name, String description) {
    return kept(
        DistributionSummary.builder(name)
            .description(description)
            .baseUnit(BaseUnits.BYTES)
            .register(registry));
  }

  private <M extends Meter> M kept(M meter) {
    meters.add(meter);
    return meter;
  }

  private double lag() {
    try {
      return Math.max(0, engine.lastPosition() - position);
    } catch (EngineException e) {
      return Double.NaN; // closed, or its store does not answer
    }
  }

  private void noteOpenJobs(State state) {
    JobQuery query = JobQuery.all().inState(state);
    Page<JobStatus> page = engine.jobs(query);
    while (true) {
      page.items().forEach(job -> openJobs.put(job.id(), state));
      if (page.next().isEmpty()) {
        return;
      }
      page = engine.jobs(query.after(page.next().get()));
    }
  }

  private void countNodes() {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (ClusterStatus cluster : engine.clusters()) {
      if (cluster.state() != ClusterState.DELETED) {
        Map<String, Integer> counts = new ConcurrentHashMap<>();
        cluster
            .nodes()
            .values()
            .forEach(
                group ->
                    group.forEach(
                        (state, count) -> counts.merge(inTag(state), count, Integer::sum)));
        counts.forEach(
            (state, count) ->
                rows.add(
                    MultiGauge.Row.of(
                        Tags.of("cluster", cluster.name().value(), "state", state), count)));
      }
    }
    nodes.register(rows, true);
  }

  // ---- what happens ----

  private final class Counting implements EventListener {

    @Override
    public void onEvent(RecordedEvent recorded) {
      Event event = recorded.event();
      if (event instanceof Event.JobChanged changed) {
        count(changed);
      } else if (event instanceof Event.JobDeleted deleted) {
        openJobs.remove(deleted.job());
      } else if (event instanceof Event.AttemptStarted started) {
        running.add(started.attempt());
      } else if (event instanceof Event.AttemptEnded ended) {
        count(ended);
      } else if (event instanceof Event.ClusterEvent) {
        countNodes();
      }
      position = recorded.position();
    }

    @Override
    public void onMissed(long first, long last) {
      LOG.warn("the events {} to {} were purged and are not in the meters", first, last);
      // What ended unseen would be counted as running for ever.
      running.clear();
      openJobs.clear();
      List.of(State.WAITING, State.RUNNING).forEach(EngineMetrics.this::noteOpenJobs);
      countNodes();
    }
  }

  private void count(Event.JobChanged changed) {
    if (changed.state().isEnded()) {
      openJobs.remove(changed.job());
      kept(Counter.builder("windlass.jobs.ended")
              .description("Jobs that have come to an end")
              .tag("state", inTag(changed.state()))
              .register(registry))
          .increment();
    } else {
      openJobs.put(changed.job(), changed.state());
    }
  }

  private void count(Event.AttemptEnded ended) {
    running.remove(ended.attempt());
    Outcome outcome = ended.outcome();
    kept(Counter.builder("windlass.attempts.ended")
            .description("Attempts that are over")
            .tag("outcome", inTag(outcome.kind()))
            .tag("success", Boolean.toString(outcome.isSuccess()))
            .register(registry))
        .increment();
    status(ended.attempt()).ifPresent(this::measure);
  }

  /** Empty if its job was deleted meanwhile. */
  private Optional<AttemptStatus> status(AttemptId attempt) {
    try {
      return engine.attempts(attempt.instance()).stream()
          .filter(status -> status.id().equals(attempt))
          .findFirst();
    } catch (EngineException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e; // the same event is told again
    }
  }

  private void measure(AttemptStatus attempt) {
    record(Phase.WAITING, attempt.waitingSince(), attempt.begun());
    record(Phase.STAGING, attempt.begun(), attempt.started());
    record(Phase.RUNNING, attempt.started(), attempt.ended());
    record(Phase.PUBLISHING, attempt.ended(), attempt.published());
    staged.record((double) attempt.bytesStaged());
    published.record((double) attempt.bytesPublished());
  }

  private void record(Phase phase, Optional<Instant> from, Optional<Instant> to) {
    Timer timer = phases.get(phase);
    if (timer != null && from.isPresent() && to.isPresent()) {
      Duration took = Duration.between(from.get(), to.get());
      timer.record(took.isNegative() ? Duration.ZERO : took); // a clock was set back
    }
  }

  private static String inTag(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
