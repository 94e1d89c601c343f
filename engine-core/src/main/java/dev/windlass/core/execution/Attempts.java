package dev.windlass.core.execution;

import com.google.common.collect.ImmutableMap;
import dev.windlass.LogBound;
import dev.windlass.core.job.Effect;
import dev.windlass.core.job.Input;
import dev.windlass.core.job.TaskPlan;
import dev.windlass.core.platform.Clock;
import dev.windlass.core.platform.Lane;
import dev.windlass.core.platform.Platform;
import dev.windlass.core.staging.Publisher;
import dev.windlass.core.staging.RunFiles;
import dev.windlass.core.staging.Secrets;
import dev.windlass.core.staging.Stager;
import dev.windlass.core.staging.StagingException;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Placement;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what the core decides about attempts, and tells it what becomes of them.
 *
 * <p>Each attempt under way is a {@link Drive}. Staging and publishing run on the staging threads,
 * calls of an executor on the call threads of that executor, so that an executor that hangs holds
 * up nobody else. What an executor reports is noted in the drive before the core is told; so a core
 * that is made anew from the store can be told again.
 *
 * <p>All methods may be called from any thread and return at once, {@link #close} excepted.
 */
public final class Attempts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  /**
   * Publishing is tried for this long while a storage does not answer, then it has failed (faults,
   * O19).
   */
  private static final Duration PUBLISH_PATIENCE = Duration.ofMinutes(10);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Staging waits for stores and discs more than it computes. */
  private static final int STAGINGS_AT_ONCE = 16;

  /** What the store knows of jobs that are there. Safe for use by several threads. */
  public interface Records {
    /** The task of an instance, if there is one. */
    Optional<TaskDescription> task(InstanceId instance);

    /** How an attempt ended, if that is durable. */
    Optional<Outcome> outcome(AttemptId attempt);
  }

  private final OpenExecutors executors;
  private final Map<AttemptId, Drive> drives = new ConcurrentSkipListMap<>();
  private final RunFiles files;
  private final Stager stager;
  private final Publisher publisher;
  private final Secrets secrets;
  private final EndedLogs logs;
  private final Clock clock;
  private final Consumer<Input> core;
  private final Lane staging;

  private final Nodes nodes;

  private final KeptFiles kept;

  /** Executors that have told what became of the attempts of earlier lives of the host. */
  private final Set<String> recovered = ConcurrentHashMap.newKeySet();

  /** What is done once all have told. */
  private volatile Runnable onceRecovered = () -> {};

  /**
   * Attempts of executors that are not open yet.
   *
   * @param executors by name
   * @param bound how much is kept of the logs of attempts that are over
   * @param platform clock and threads
   * @param records what is durable
   * @param core takes what happens; must not block
   */
  public Attempts(
      ImmutableMap<String, Executor> executors,
      RunFiles files,
      Stager stager,
      Publisher publisher,
      Secrets secrets,
      LogBound bound,
      Platform platform,
      Records records,
      Consumer<Input> core) {
    this.files = files;
    this.stager = stager;
    this.publisher = publisher;
    this.secrets = secrets;
    this.logs = new EndedLogs(secrets, publisher, files, bound);
    this.clock = platform.clock();
    this.core = core;
    this.staging = platform.lane("windlass-staging", STAGINGS_AT_ONCE);
    this.executors = new OpenExecutors(executors, platform);
    this.kept = new KeptFiles(files, records, this::isUnderWay);
    this.nodes = new Nodes(this.executors, node -> core.accept(new Input.NodeEndAsked(node)));
  }

  /**
   * Opens all executors. Blocks.
   *
   * @param directories makes the directory of an executor from its name
   * @throws dev.windlass.error.EngineException if one of them cannot work; the others are closed
   *     again
   */
  public void open(String engineId, Function<String, Path> directories) {
    try {
      executors.open(
          name ->
              new Link(
                  engineId,
                  directories.apply(name),
                  files.root(),
                  this::report,
                  report -> core.accept(new Input.NodeReported(report))));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * Asks an executor what became of attempts of an earlier life of the host, as often as it takes,
   * and then tells the core.
   *
   * @param expected attempts that the store believes to be active on this executor
   */
  public void recover(String executor, Set<AttemptId> expected) {
    executors.calls(executor).execute(() -> recoverNow(executor, expected, FIRST_PAUSE));
  }

  private void recoverNow(String name, Set<AttemptId> expected, Duration pause) {
    Link link = executors.link(name);
    Collection<AttemptReport> reports;
    try {
      link.holdBack();
      reports = List.copyOf(executors.get(name).recover(expected));
    } catch (RuntimeException | Error e) {
      LOG.warn("executor {} cannot tell what became of its attempts; asking again", name, e);
      executors.calls(name).later(pause, () -> recoverNow(name, expected, longer(pause)));
      return;
    }
    for (AttemptReport report : reports) {
      Drive drive = new Drive(report.id(), name, files.node(report.id()));
      drive.wasHandedOver();
      drives.putIfAbsent(report.id(), drive);
      // By the clock on the wall: no other goes on while there is no host.
      Duration ago = Duration.between(report.at(), clock.instant());
      note(report, ago.isNegative() ? Duration.ZERO : ago);
    }
    recovered.add(name); // before the core is told: one that is made now asks instead
    core.accept(new Input.ExecutorReady(name, alive(name)));
    reports.stream().map(AttemptReport::id).forEach(this::tellEnd);
    link.letGo();
    if (hasAllRecovered()) {
      onceRecovered.run();
    }
  }

  /**
   * Says whether an executor has told what became of the attempts of earlier lives of the host.
   * Before that nothing can be placed on it: an attempt may be alive there that no record knows.
   */
  public boolean hasRecovered(String executor) {
    return recovered.contains(executor);
  }

  private boolean hasAllRecovered() {
    return recovered.containsAll(executors.names());
  }

  /**
   * Removes the files that a crash left, as soon as all executors have told which attempts are
   * alive. Must be called before the first {@link #recover}.
   *
   * @param known says whether a job is there
   * @param reserved says whether all files of an attempt that is over are kept
   */
  public void sweepOnceRecovered(Predicate<JobId> known, Predicate<AttemptId> reserved) {
    onceRecovered = () -> staging.execute(() -> kept.sweep(known, reserved, this::isAlive));
  }

  /** Sweeps once more, since what had to be removed after a commit may have been forgotten. */
  public void sweepAgain() {
    if (hasAllRecovered()) {
      onceRecovered.run();
    }
  }

  private boolean isUnderWay(JobId job) {
    return drives.keySet().stream().anyMatch(id -> id.job().equals(job));
  }

  /** All attempts of an executor that are not released. */
  public List<Input.Alive> alive(String executor) {
    List<Input.Alive> alive = new ArrayList<>();
    for (Drive drive : drives.values()) {
      if (drive.executor.equals(executor)) {
        alive.add(
            new Input.Alive(
                drive.id,
                drive.place.map(RunFiles.Note::node),
                drive.place.map(RunFiles.Note::gpuDevices).orElse(List.of()),
                drive.started(),
                drive.running(clock.nanos())));
      }
    }
    return alive;
  }

  /** Says whether an attempt is under way. */
  public boolean isAlive(AttemptId id) {
    return drives.containsKey(id);
  }

  /** Tells the core again how attempts ended; it was made anew from the store and may not know. */
  public void tellAgain() {
    drives.keySet().forEach(this::tellEnd);
  }

  private void tellEnd(AttemptId id) {
    Drive drive = drives.get(id);
    if (drive == null) {
      return;
    }
    Optional<Drive.End> concluded = drive.concluded();
    if (concluded.isPresent()) {
      core.accept(concludedInput(drive, concluded.get()));
    } else {
      drive.unconcluded().ifPresent(end -> core.accept(exitedInput(drive, end)));
    }
  }

  private static Input exitedInput(Drive drive, Drive.End end) {
    return new Input.AttemptExited(drive.id, end.at(), end.outcome(), end.usage(), drive.data());
  }

  private static Input concludedInput(Drive drive, Drive.End end) {
    return new Input.AttemptConcluded(
        drive.id, end.at(), end.outcome(), end.usage(), drive.isPublished(), drive.data());
  }

  // ---- reports ----

  private void report(AttemptReport report) {
    if (note(report, Duration.ZERO)) {
      switch (report.kind()) {
        case STARTED -> core.accept(new Input.AttemptStarted(report.id(), report.at()));
        case ENDED -> tellEnd(report.id());
      }
    }
  }

  /**
   * Writes a report down in its drive; false if it is not news.
   *
   * @param ago how long ago it was, not counting its way here
   */
  private boolean note(AttemptReport report, Duration ago) {
    Drive drive = drives.get(report.id());
    if (drive == null) {
      LOG.debug("report about an attempt that is not known: {}", report);
      return false;
    }
    if (report instanceof AttemptReport.Ended ended) {
      return drive.ended(new Drive.End(ended.at(), ended.outcome(), ended.usage()));
    }
    return drive.started(report.at(), clock.nanos() - ago.toNanos());
  }

  private void end(Drive drive, Outcome outcome) {
    if (drive.ended(new Drive.End(clock.instant(), outcome, Usage.unknown()))) {
      tellEnd(drive.id);
    }
  }

  // ---- effects ----

  /** Stages in and starts an attempt. */
  public void launch(Effect.Launch launch) {
    Drive drive = new Drive(launch.id(), launch.executor(), Optional.of(place(launch)));
    drive.plan(launch.plan());
    drives.put(launch.id(), drive);
    boolean files = executors.get(launch.executor()).info().can(Capability.PROGRAMS);
    if (files || !launch.plan().task().secrets().isEmpty()) {
      staging.execute(() -> stageAndStart(drive, launch, files));
    } else {
      executors.calls(launch.executor()).execute(() -> start(drive, launch, List.of()));
    }
  }

  private static RunFiles.Note place(Effect.Launch launch) {
    return new RunFiles.Note(launch.node(), launch.gpuDevices());
  }

  private void stageAndStart(Drive drive, Effect.Launch launch, boolean hasFiles) {
    try {
      List<PathBinding> bindings = hasFiles ? stage(drive, launch) : List.of();
      // Last, so that they are as new as can be.
      drive.secrets(secrets.fetch(launch.plan().task()));
      executors.calls(launch.executor()).execute(() -> start(drive, launch, bindings));
    } catch (StagingException e) {
      LOG.debug("staging of {} failed", launch.id(), e);
      end(
          drive,
          drive.isCancelled()
              ? new Outcome.Cancelled()
              : new Outcome.StageInFailed(message(e), e.isRetryable()));
    } catch (RuntimeException | Error e) {
      // A storage is foreign code: what it throws ends this attempt and nothing else.
      LOG.warn("staging of {} failed unexpectedly", launch.id(), e);
      end(drive, new Outcome.StageInFailed("the storage failed: " + e, true));
    }
  }

  private List<PathBinding> stage(Drive drive, Effect.Launch launch) throws StagingException {
    Stager.Staged staged =
        stager.stageIn(
            launch.plan(),
            files.directory(launch.id()),
            executors.get(launch.executor()).info(),
            drive::isCancelled);
    drive.staged(staged.bytes());
    files.noteNode(launch.id(), place(launch));
    return staged.bindings();
  }

  private void start(Drive drive, Effect.Launch launch, List<PathBinding> bindings) {
    synchronized (drive.calls) {
      if (!drive.handOver()) {
        end(drive, new Outcome.Cancelled());
        return;
      }
      try {
        executors.get(launch.executor()).launch(spec(drive, launch, bindings));
      } catch (ExecutorException e) {
        LOG.debug("{} was not started", launch.id(), e);
        end(drive, new Outcome.Refused(message(e), e.code().isRetryable()));
      } catch (RuntimeException | Error e) {
        // Nothing is known now; the executor reports what became of it, or a restart finds out.
        LOG.error("executor {} failed to launch {}", launch.executor(), launch.id(), e);
      }
    }
  }

  private AttemptSpec spec(Drive drive, Effect.Launch launch, List<PathBinding> bindings) {
    TaskPlan plan = launch.plan();
    Map<String, String> variables = ProgramEnvironment.of(launch);
    variables.putAll(drive.secrets());
    return AttemptSpec.builder(
            launch.id(), files.directory(launch.id()), plan.task().command().arguments())
        .environment(variables)
        .secretVariables(drive.secrets().keySet())
        .bindings(bindings)
        .resources(launch.request())
        .gpuDevices(launch.gpuDevices())
        .image(plan.task().image())
        .imageId(imageId(plan.task()))
        .isolation(plan.task().isolation())
        .node(launch.node())
        .build();
  }

  private static Optional<String> imageId(TaskDescription task) {
    return task.placement() instanceof Placement.AutoCluster auto
        ? auto.imageId()
        : Optional.empty();
  }

  /** Has an executor make a node, or find it again. */
  public void startNode(Effect.StartNode start) {
    nodes.start(start);
  }

  /** Has an executor remove a node. */
  public void endNode(Effect.EndNode end) {
    nodes.end(end);
  }

  /** Ends an attempt. */
  public void cancel(Effect.Cancel cancel) {
    Drive drive = drives.get(cancel.id());
    if (drive != null && drive.cancel(cancel.grace())) {
      executors
          .calls(drive.executor)
          .execute(
              () -> {
                synchronized (drive.calls) {
                  guarded(
                      drive,
                      "cancel",
                      () -> executors.get(drive.executor).cancel(drive.id, cancel.grace()));
                }
              });
    }
  }

  /** Publishes the logs of an attempt that has ended and, if it was accepted, its outputs. */
  public void conclude(Effect.Conclude conclude) {
    Drive drive = drives.get(conclude.id());
    if (drive == null) {
      LOG.error("{} is to be concluded but not under way", conclude.id());
      return;
    }
    drive.plan(conclude.plan());
    drive
        .beginConcluding()
        .ifPresent(
            end -> {
              long begunNanos = clock.nanos();
              staging.execute(() -> publish(drive, end, conclude, begunNanos, FIRST_PAUSE));
            });
  }

  private void publish(
      Drive drive, Drive.End end, Effect.Conclude conclude, long begunNanos, Duration pause) {
    Outcome outcome = end.outcome();
    try {
      Path directory = files.directory(drive.id);
      boolean masked = logs.prepare(drive, conclude.plan(), isPatient(begunNanos));
      publisher.publishOutput(conclude.plan(), drive.id, directory);
      if (masked) {
        publisher.publishLogMappings(conclude.plan(), directory);
      }
      if (conclude.accepted()) {
        drive.published(publisher.publishOutputs(conclude.plan(), directory));
      }
    } catch (StagingException e) {
      if (e.isRetryable() && isPatient(begunNanos)) {
        LOG.info("publishing of {} is tried again: {}", drive.id, e.getMessage());
        staging.later(pause, () -> publish(drive, end, conclude, begunNanos, longer(pause)));
        return;
      }
      LOG.warn("publishing of {} failed", drive.id, e);
      if (conclude.accepted()) {
        outcome = new Outcome.StageOutFailed(message(e), e.isRetryable());
      }
    } catch (RuntimeException | Error e) {
      LOG.warn("publishing of {} failed unexpectedly", drive.id, e);
      if (conclude.accepted()) {
        outcome = new Outcome.StageOutFailed("the storage failed: " + e, true);
      }
    }
    drive.concluded(new Drive.End(end.at(), outcome, end.usage()), conclude.accepted());
    tellEnd(drive.id);
  }

  private boolean isPatient(long begunNanos) {
    return clock.nanos() - begunNanos < PUBLISH_PATIENCE.toNanos();
  }

  /**
   * Forgets an attempt whose outcome is durable.
   *
   * @param keepFiles whether all its files stay, until {@link #forgetFiles}
   */
  public void release(AttemptId id, boolean keepFiles) {
    Drive drive = drives.get(id);
    if (drive != null) {
      executors.calls(drive.executor).execute(() -> releaseNow(drive, keepFiles));
    }
  }

  /** Removes what was kept of the files of an attempt that is over, as of any other. Blocks. */
  public void forgetFiles(AttemptId id) {
    kept.clear(id);
  }

  private void releaseNow(Drive drive, boolean keepFiles) {
    synchronized (drive.calls) {
      guarded(drive, "release", () -> executors.get(drive.executor).release(drive.id));
    }
    if (!keepFiles) {
      kept.clear(drive);
    }
    drives.remove(drive.id);
    kept.left(drive.id.job());
  }

  private static void guarded(Drive drive, String call, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      LOG.error("executor {} failed to {} {}", drive.executor, call, drive.id, e);
    }
  }

  private static String message(Exception e) {
    return Optional.ofNullable(e.getMessage()).orElse(e.toString());
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  /** Closes all executors; what they can leave running goes on. Blocks. Idempotent. */
  @Override
  public void close() {
    staging.stop();
    executors.close();
    OpenExecutors.awaitEnd(staging);
    executors.awaitEnd();
  }
}
