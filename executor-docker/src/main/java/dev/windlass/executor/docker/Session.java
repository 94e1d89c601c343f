package dev.windlass.executor.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Info;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The time between open and close: the attempts of one engine. */
final class Session {

  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  private static final int WORKERS = 12;

  /** How often output is looked for while programs run, at most. */
  private static final Duration FOLLOWING = Duration.ofSeconds(1);

  /** How many times longer it rests than it works. */
  private static final int REST = 9;

  /** What is under way when the session is closed may take so long. */
  private static final Duration CLOSING = Duration.ofSeconds(30);

  /** How long recover waits for an attempt that is on its way, in milliseconds. */
  private static final int MOST_LOOKS = 2000;

  private final ExecutorContext context;
  private final String name;
  private final Path attempts;
  private final Daemon daemon;
  private final Workers workers;
  private final Labels labels;
  private final Accounting accounting;
  private final Tools tools;
  private final EventWatch events;
  private final Path trash;
  private final Map<AttemptId, Attempt> known = new ConcurrentHashMap<>();

  /** Ended, and their containers are being removed: no evidence any more. */
  private final Set<AttemptId> departing = ConcurrentHashMap.newKeySet();

  private final Object reporting = new Object();
  private volatile boolean closing;
  private boolean closed;

  private Session(ExecutorContext context, DockerExecutorConfig config, Daemon daemon, Info engine)
      throws IOException {
    this.context = context;
    this.name = config.name();
    this.daemon = daemon;
    this.attempts = Files.createDirectories(context.directory().resolve("attempts"));
    this.trash = Files.createDirectories(context.directory().resolve("trash"));
    Evidence.clearAll(trash);
    this.workers = new Workers("windlass-" + name, WORKERS);
    this.labels = new Labels(context.engineId(), name);
    this.accounting = Accounting.probe(daemon, engine, context.engineId());
    this.tools =
        new Tools(
            daemon,
            labels,
            new Images(daemon, config, workers.forLong()),
            new Programs(daemon),
            new ContainerPlan(config, labels, accounting, DockerExecutor.processors(engine)),
            accounting,
            config.outputLimitBytes(),
            workers,
            departing,
            this::report,
            () -> closing);
    this.events =
        new EventWatch(
            daemon,
            labels,
            workers,
            id -> Optional.ofNullable(known.get(id)),
            () -> known.values().forEach(Attempt::look));
  }

  static Session open(
      ExecutorContext context, DockerExecutorConfig config, Daemon daemon, Info engine) {
    try {
      Session session = new Session(context, config, daemon, engine);
      session.events.start();
      session.followSoon(FOLLOWING);
      return session;
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.DIRECTORY_UNUSABLE,
          context.directory().toString(),
          "the executor's directory " + context.directory() + " cannot be used: " + e,
          e);
    }
  }

  /**
   * Brings output into files while programs run: all attempts one after the other, and then a rest
   * that is long against the work, so that it costs little however many run.
   */
  private void followSoon(Duration rest) {
    workers.later(
        rest,
        () -> {
          if (known.values().stream().anyMatch(attempt -> !attempt.hasEnded())) {
            workers.execute(this::follow);
          } else {
            followSoon(FOLLOWING);
          }
        });
  }

  private void follow() {
    long begin = System.nanoTime();
    try {
      for (Attempt attempt : known.values()) {
        if (closing) {
          return;
        }
        attempt.follow().join();
      }
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      Duration rest = took.multipliedBy(REST);
      followSoon(rest.compareTo(FOLLOWING) > 0 ? rest : FOLLOWING);
    }
  }

  void launch(AttemptSpec spec, ImageChoice image) {
    Attempt attempt = new Attempt(spec.id(), new Evidence(attempts, spec.id()), tools);
    if (known.putIfAbsent(spec.id(), attempt) != null) {
      return;
    }
    if (!attempt.evidence().create()) {
      // Launched or fenced in an earlier life; recover() tells what became of it.
      known.remove(spec.id());
      return;
    }
    attempt.launch(new Launch(spec, image, tools));
  }

  void cancel(AttemptId id, Duration grace) {
    Attempt attempt = known.get(id);
    if (attempt != null) {
      attempt.cancel(grace);
    }
  }

  void release(AttemptId id) {
    Attempt attempt = known.get(id);
    if (attempt != null && attempt.hasEnded()) {
      attempt.evidence().delete(trash);
      known.remove(id);
    }
  }

  /**
   * One caller at a time; attempts of this life are told from memory, all others from their
   * containers and their evidence.
   */
  synchronized Collection<AttemptReport> recover(Set<AttemptId> expected) {
    try {
      Set<AttemptId> all = new HashSet<>();
      // In this order: what leaves the first between the two was listed, or is gone from both.
      Set<AttemptId> leaving = Set.copyOf(departing);
      daemon
          .labelsOfContainers(labels.own())
          .forEach(found -> labels.attempt(found).ifPresent(all::add));
      all.removeAll(leaving);
      all.removeAll(departing);
      all.addAll(Evidence.all(attempts));
      all.addAll(expected);
      List<AttemptReport> reports = new ArrayList<>();
      for (AttemptId id : all) {
        Attempt attempt = known.get(id);
        reports.add(attempt == null ? ofEarlierLife(id) : fromMemory(attempt));
      }
      return reports;
    } catch (DaemonSilentException | DockerException | IOException | UncheckedIOException e) {
      throw new EngineException(
          ErrorCode.EXECUTOR_FAILED,
          name,
          "what became of containers at " + daemon.address() + " cannot be found out: " + e,
          e);
    }
  }

  private AttemptReport ofEarlierLife(AttemptId id) {
    Attempt attempt = new Attempt(id, new Evidence(attempts, id), tools);
    Optional<AttemptReport.Ended> end = attempt.evidence().end();
    AttemptReport report = end.isPresent() ? attempt.settle(end.get()) : find(attempt);
    known.put(id, attempt);
    if (!attempt.hasEnded()) {
      // Events from before it was known went past.
      attempt.look();
    }
    return report;
  }

  /** Goes round while the container changes under our eyes. */
  private AttemptReport find(Attempt attempt) {
    attempt.evidence().create();
    while (true) {
      ContainerState state = daemon.inspect(labels.name(attempt.id()), labels);
      switch (state.phase()) {
        case ABSENT -> {
          return attempt.settle(ofAbsent(attempt.evidence()));
        }
        case CREATED -> {
          if (daemon.removeUnlessRunning(state.id())) {
            return attempt.settle(fenced(state));
          }
        }
        case RUNNING -> {
          attempt.adopt(state);
          return new AttemptReport.Started(attempt.id(), state.startedAt().orElseGet(Instant::now));
        }
        case ENDED -> {
          return attempt.settle(state);
        }
        case REMOVING -> LockSupport.parkNanos(10_000_000);
      }
    }
  }

  private static Outcome ofAbsent(Evidence evidence) {
    if (evidence.isCancelled()) {
      return new Outcome.Cancelled();
    }
    return evidence.isStarting()
        ? new Outcome.Lost("its container was removed from outside")
        : new Outcome.Refused("never started; it was fenced by the engine", true);
  }

  private static Outcome fenced(ContainerState state) {
    return state.error().isEmpty()
        ? new Outcome.Refused("never started; its container was removed by the engine", true)
        : Verdict.notStarted(state.error());
  }

  /** One on its way is waited for: a start that is told before it happened may never happen. */
  private static AttemptReport fromMemory(Attempt attempt) {
    AttemptReport latest = attempt.latest();
    for (int i = 0; i < MOST_LOOKS && latest == null; i++) {
      LockSupport.parkNanos(1_000_000);
      latest = attempt.latest();
    }
    return latest != null ? latest : new AttemptReport.Started(attempt.id(), Instant.now());
  }

  private void report(AttemptReport report) {
    synchronized (reporting) {
      if (closed) {
        return;
      }
      try {
        context.report(report);
      } catch (RuntimeException e) {
        LOG.error("the engine refused {}", report, e);
      }
    }
  }

  /** Nothing new is begun, what is under way comes to a point from where it can be found again. */
  void close() {
    closing = true;
    workers.close(CLOSING);
    accounting.close();
    events.close();
    synchronized (reporting) {
      closed = true;
    }
  }
}
