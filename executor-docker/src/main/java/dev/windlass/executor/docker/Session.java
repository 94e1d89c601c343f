package dev.windlass.executor.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventActor;
import com.github.dockerjava.api.model.Info;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.NodeReport;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
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
  private final DockerExecutorConfig config;
  private final Daemon daemon;
  private final Nodes nodes;
  private final Workers workers;
  private final Labels labels;
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
    this.config = config;
    this.daemon = daemon;
    this.attempts = Files.createDirectories(context.directory().resolve("attempts"));
    this.trash = Files.createDirectories(context.directory().resolve("trash"));
    Evidence.clearAll(trash);
    this.nodes = new Nodes(context.directory().resolve("nodes"), context.attempts(), config);
    this.workers = new Workers("windlass-" + name, WORKERS);
    this.labels = new Labels(context.engineId(), name);
    Accounting accounting = Accounting.probe(daemon, engine, labels);
    this.tools =
        new Tools(
            daemon,
            labels,
            new Images(daemon, config, workers.forLong()),
            new Programs(daemon),
            new ContainerPlan(
                config,
                labels,
                accounting,
                DockerExecutor.processors(engine),
                daemon.sharesFiles()),
            copies(),
            accounting,
            new Listeners(),
            config.outputLimitBytes(),
            workers,
            // Where files are copied a step may take as long as that does.
            daemon.sharesFiles() ? workers : workers.unlimited(),
            departing,
            this::report,
            this::report,
            () -> closing);
    nodes.load(tools);
    this.events =
        new EventWatch(
            daemon,
            labels,
            workers,
            time(engine),
            id -> Optional.ofNullable(known.get(id)),
            this::happened,
            this::lookAtAll);
  }

  /**
   * What the engine's clock has shown, at some time before anything can happen that matters here.
   */
  private static Instant time(Info engine) {
    try {
      return OffsetDateTime.parse(String.valueOf(engine.getSystemTime())).toInstant();
    } catch (DateTimeParseException e) {
      // Then it tells of all that it still knows.
      return Instant.EPOCH.plusSeconds(1);
    }
  }

  private FileCopies copies() throws IOException {
    Path arriving = context.directory().resolve("arriving");
    Trees.delete(arriving);
    return new FileCopies(
        daemon,
        config.copyTimeout(),
        TarOwner.of(config.user().or(Host::user)),
        Files.createDirectories(arriving),
        workers.forLong(),
        () -> closing);
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

  private void lookAtAll() {
    nodes.lookAtAll();
    known.values().forEach(Attempt::look);
  }

  /** Something has happened to a node, or in it. */
  private void happened(String node, Event event) {
    switch (String.valueOf(event.getAction())) {
      case "exec_die" ->
          Optional.ofNullable(event.getActor())
              .map(EventActor::getAttributes)
              .map(attributes -> attributes.get("execID"))
              .ifPresent(tools.listeners()::happened);
      case "die", "destroy" -> {
        nodes.find(node).ifPresent(Node::look);
        known.values().stream()
            .filter(attempt -> attempt.place() instanceof InNode in && in.node().equals(node))
            .forEach(Attempt::look);
      }
      default -> {}
    }
  }

  void startNode(NodeSpec spec) {
    nodes.start(spec, tools);
  }

  void endNode(String node) {
    nodes.end(node, tools);
  }

  /** The image of the nodes of a cluster, if this executor keeps some. */
  Optional<String> imageOfNodes(ClusterName cluster) {
    return nodes.image(cluster);
  }

  void launch(AttemptSpec spec) throws ImageChoice.NoImageException {
    Optional<Node> node = nodes.find(spec.node());
    Evidence evidence = new Evidence(attempts, spec.id());
    if (node.isPresent()) {
      NodeRequirements.check(spec, node.get().image().orElse(""), context.attempts(), config);
      InNode place = new InNode(spec.id(), spec.node(), evidence, nodes, tools);
      launch(
          new Attempt(spec.id(), evidence, place, tools),
          new NodeLaunch(spec, place, tools, config.user().isPresent()));
    } else {
      ImageChoice image = ImageChoice.of(spec, config);
      OwnContainer place = new OwnContainer(spec.id(), tools);
      launch(
          new Attempt(spec.id(), evidence, place, tools),
          new ContainerLaunch(spec, image, place, tools));
    }
  }

  private void launch(Attempt attempt, Launch launch) {
    if (known.putIfAbsent(attempt.id(), attempt) != null) {
      return;
    }
    try {
      if (!attempt.evidence().create()) {
        // Launched or fenced in an earlier life; recover() tells what became of it.
        known.remove(attempt.id());
        return;
      }
      if (attempt.place() instanceof InNode place) {
        attempt.evidence().noteNode(place.node());
      }
    } catch (UncheckedIOException e) {
      // Short of disk or files: nothing began, and later it may.
      attempt.evidence().delete(trash);
      known.remove(attempt.id());
      throw new ExecutorException(
          ErrorCode.EXECUTOR_FAILED,
          attempt.id(),
          "attempt " + attempt.id() + " cannot be written down: " + e,
          e);
    }
    attempt.launch(launch);
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
      // Every attempt is known before it has a group, and until nobody reads that any more.
      tools.accounting().sweep(known::keySet);
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
    Evidence evidence = new Evidence(attempts, id);
    Place place =
        evidence
            .node()
            .<Place>map(node -> new InNode(id, node, evidence, nodes, tools))
            .orElseGet(() -> new OwnContainer(id, tools));
    Attempt attempt = new Attempt(id, evidence, place, tools);
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
      ContainerState state = attempt.place().state();
      switch (state.phase()) {
        case ABSENT -> {
          return attempt.settle(ofAbsent(attempt));
        }
        case CREATED -> {
          if (attempt.place().fence(state)) {
            return attempt.settle(fenced(state));
          }
        }
        case RUNNING -> {
          if (state.startedAt().isEmpty()) {
            // Inside a node, between its claim and its first instruction.
            LockSupport.parkNanos(1_000_000);
            continue;
          }
          attempt.adopt(state);
          return new AttemptReport.Started(attempt.id(), state.startedAt().orElseGet(Instant::now));
        }
        case ENDED -> {
          if (!Labels.returning(state.labels()).isEmpty()) {
            // Its files are still to be copied, which may take long; until then it goes on.
            attempt.adopt(state);
            return new AttemptReport.Started(
                attempt.id(), state.startedAt().orElseGet(Instant::now));
          }
          return attempt.settle(state);
        }
        case REMOVING -> LockSupport.parkNanos(10_000_000);
      }
    }
  }

  private static Outcome ofAbsent(Attempt attempt) {
    Evidence evidence = attempt.evidence();
    if (evidence.isCancelled()) {
      return new Outcome.Cancelled();
    }
    return evidence.isStarting()
        ? new Outcome.Lost(attempt.place().lossReason())
        : new Outcome.Refused("never started; it was fenced by the engine", true);
  }

  private static Outcome fenced(ContainerState state) {
    return state.error().isEmpty()
        ? new Outcome.Refused("never started; it was fenced by the engine", true)
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
    report(() -> context.report(report), report);
  }

  private void report(NodeReport report) {
    report(() -> context.report(report), report);
  }

  private void report(Runnable telling, Object what) {
    synchronized (reporting) {
      if (closed) {
        return;
      }
      try {
        telling.run();
      } catch (RuntimeException e) {
        LOG.error("the engine refused {}", what, e);
      }
    }
  }

  /** Nothing new is begun, what is under way comes to a point from where it can be found again. */
  void close() {
    closing = true;
    workers.close(CLOSING);
    events.close();
    nodes.close();
    synchronized (reporting) {
      closed = true;
    }
  }
}
