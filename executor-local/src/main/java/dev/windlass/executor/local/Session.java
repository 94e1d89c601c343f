package dev.windlass.executor.local;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorContext;
import dev.windlass.executor.ExecutorException;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
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
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The time between open and close: the attempts of one engine, and the directory that holds their
 * evidence.
 */
final class Session {

  /** Of execve(2), as the JDK passes them on: E2BIG. */
  private static final Pattern TOO_LONG = Pattern.compile("error=7\\b");

  /** How long leftovers of an earlier life may take to die before the engine has to ask again. */
  private static final Duration CLEANING_LIMIT = Duration.ofSeconds(30);

  /** A millisecond each. */
  private static final int MOST_LOOKS = 1000;

  private final ExecutorContext context;
  private final String name;
  private final ControlGroups controlGroups;
  private final Sandbox sandbox;
  private final Launcher launcher;
  private final Path attempts;
  private final Path trash;
  private final Watcher watcher;

  /** All known and not released; an attempt is here before there is evidence of it. */
  private final Map<AttemptId, Attempt> known = new ConcurrentHashMap<>();

  private Session(
      ExecutorContext context,
      LocalExecutorConfig config,
      ControlGroups controlGroups,
      Sandbox sandbox)
      throws IOException {
    this.context = context;
    this.name = config.name();
    this.controlGroups = controlGroups;
    this.sandbox = sandbox;
    this.attempts = Files.createDirectories(context.directory().resolve("attempts"));
    this.trash = context.directory().resolve("trash");
    Trees.delete(trash);
    Files.createDirectories(trash);
    this.launcher = Launcher.install(config.environment(), context.directory().resolve("launcher"));
    this.watcher = new Watcher("windlass-" + config.name() + "-watcher", context);
  }

  static Session open(
      ExecutorContext context,
      LocalExecutorConfig config,
      ControlGroups controlGroups,
      Sandbox sandbox) {
    try {
      Session session = new Session(context, config, controlGroups, sandbox);
      session.watcher.start();
      return session;
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.DIRECTORY_UNUSABLE,
          context.directory().toString(),
          "the executor's directory " + context.directory() + " cannot be used: " + e,
          e);
    }
  }

  void launch(AttemptSpec spec) {
    Attempt attempt = Attempt.fresh(new Evidence(attempts, spec.id()), context.engineId());
    if (known.putIfAbsent(spec.id(), attempt) != null) {
      return;
    }
    try {
      if (!attempt.evidence().create()) {
        // Launched in an earlier life; recover() tells what became of it.
        known.remove(spec.id());
        return;
      }
      prepare(spec, attempt);
      Process process = launcher.start(spec, attempt.evidence(), attempt.cookie());
      attempt.launchedBy(process);
      var unused = process.onExit().thenRun(watcher::wake);
    } catch (IOException | UncheckedIOException e) {
      if (TOO_LONG.matcher(String.valueOf(e.getMessage())).find()) {
        abandon(attempt);
        throw new ExecutorException(
            ErrorCode.CANNOT_START, spec.id(), "attempt " + spec.id() + ": " + e.getMessage(), e);
      }
      // Short of processes, memory, files or disk: nothing began, and later it may.
      attempt.neverLaunched(
          new Outcome.Refused("it could not be launched: " + e.getMessage(), true));
    } catch (RuntimeException e) {
      abandon(attempt);
      throw e;
    }
    watcher.watch(attempt);
  }

  private void prepare(AttemptSpec spec, Attempt attempt) throws IOException {
    Evidence evidence = attempt.evidence();
    StringBuilder setup = new StringBuilder();
    Optional<ControlGroup> group =
        controlGroups.of(context.engineId(), Evidence.directoryName(spec.id()));
    if (group.isPresent()) {
      attempt.belongsTo(group.get());
      // Written down before it is made: whoever recovers after a crash in between removes it.
      evidence.writeFile("groups", group.get().toString());
      controlGroups.make(group.get(), spec.resources());
      setup.append("_windlass_step=control-group\n");
      for (Path path : group.get().paths()) {
        String members = path.resolve("cgroup.procs").toString();
        setup.append("echo 0 >").append(LaunchPlan.quote(members)).append(" || exit\n");
      }
    }
    setup.append(sandbox.prepare(spec, evidence, launcher));
    evidence.writeFile("setup", setup.toString());
    launcher.writeCommand(spec, evidence);
  }

  /** Undoes what a launch that failed for good has made. */
  private void abandon(Attempt attempt) {
    attempt.group().ifPresent(watcher::retire);
    attempt.evidence().delete(trash);
    known.remove(attempt.id());
  }

  void cancel(AttemptId id, Duration grace) {
    Attempt attempt = known.get(id);
    if (attempt != null) {
      watcher.execute(() -> attempt.cancel(grace, System.nanoTime()));
    }
  }

  /**
   * One caller at a time; attempts of this life are told from memory, all others from their
   * evidence.
   */
  synchronized Collection<AttemptReport> recover(Set<AttemptId> expected) {
    try {
      Set<AttemptId> all = new HashSet<>(expected);
      all.addAll(evidenced());
      List<AttemptReport> reports = new ArrayList<>();
      List<Attempt> over = new ArrayList<>();
      for (AttemptId id : all) {
        Attempt attempt = known.get(id);
        if (attempt == null) {
          attempt = Attempt.ofEarlierLife(new Evidence(attempts, id), context.engineId());
          if (runs(attempt)) {
            known.put(id, attempt);
            reports.add(fromMemory(attempt));
            watcher.adopt(attempt);
          } else {
            over.add(attempt);
          }
        } else {
          reports.add(fromMemory(attempt));
        }
      }
      reports.addAll(clean(over));
      over.forEach(attempt -> known.put(attempt.id(), attempt));
      sweepGroups();
      return reports;
    } catch (IOException | UncheckedIOException e) {
      throw new EngineException(
          ErrorCode.EXECUTOR_FAILED,
          name,
          "the evidence in " + attempts + " cannot be read: " + e,
          e);
    }
  }

  /** Fences an attempt of an earlier life unless it has begun; says whether it still runs. */
  private static boolean runs(Attempt attempt) throws IOException {
    Evidence evidence = attempt.evidence();
    evidence.create();
    if (evidence.takeClaim()) {
      evidence.recordFence(Verdict.FENCED);
      attempt.fenced();
      return false;
    }
    // A launcher that lives and has the claim cannot be stopped any more, and is about to begin;
    // only
    // where the host is very busy do we answer before it has.
    attempt.look();
    for (int i = 0; i < MOST_LOOKS && attempt.phase() == Attempt.Phase.STARTING; i++) {
      LockSupport.parkNanos(1_000_000);
      attempt.look();
    }
    return attempt.phase() != Attempt.Phase.CLEANING;
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

  private static List<AttemptReport> clean(List<Attempt> over) {
    List<AttemptReport> reports = new ArrayList<>();
    long deadline = System.nanoTime() + CLEANING_LIMIT.toNanos();
    List<Attempt> left = Watcher.cleaning(over);
    while (!left.isEmpty()) {
      Watcher.clean(left, reports::add);
      left = Watcher.cleaning(left);
      if (System.nanoTime() - deadline > 0) {
        throw new EngineException(
            ErrorCode.EXECUTOR_FAILED,
            left.get(0).id().toString(),
            "processes of attempt " + left.get(0).id() + " do not die");
      }
    }
    return reports;
  }

  private void sweepGroups() throws IOException {
    Set<String> names =
        known.keySet().stream().map(Evidence::directoryName).collect(Collectors.toSet());
    controlGroups.sweep(context.engineId(), names);
  }

  private List<AttemptId> evidenced() throws IOException {
    List<AttemptId> ids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(attempts)) {
      entries.forEach(entry -> Evidence.idOf(entry).ifPresent(ids::add));
    }
    return ids;
  }

  void release(AttemptId id) {
    Attempt attempt = known.get(id);
    if (attempt == null || !(attempt.latest() instanceof AttemptReport.Ended)) {
      return;
    }
    attempt.group().ifPresent(watcher::retire);
    attempt.evidence().delete(trash);
    known.remove(id);
  }

  void close() {
    watcher.close();
    controlGroups.removeIfEmpty(context.engineId());
  }
}
