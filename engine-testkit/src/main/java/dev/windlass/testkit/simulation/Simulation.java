package dev.windlass.testkit.simulation;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.windlass.Engine;
import dev.windlass.JobOperation;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.NodeState;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.core.job.Change;
import dev.windlass.core.store.StateStore;
import dev.windlass.job.AttemptId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskName;
import dev.windlass.testkit.machine.CrashPoints;
import dev.windlass.testkit.machine.Faults;
import dev.windlass.testkit.machine.Faults.Fault;
import dev.windlass.testkit.machine.Programs;
import dev.windlass.testkit.machine.SimulatedMachine;
import dev.windlass.testkit.simulation.Scenario.Disturbance;
import dev.windlass.testkit.simulation.Scenario.SubmittedJob;
import dev.windlass.testkit.simulation.check.ConsumerChecker;
import dev.windlass.testkit.simulation.check.EventChecker;
import dev.windlass.testkit.simulation.check.FinalChecker;
import dev.windlass.testkit.simulation.check.Journal;
import dev.windlass.testkit.simulation.check.Ledger;
import dev.windlass.testkit.simulation.check.ObservedStore;
import dev.windlass.testkit.simulation.check.Records;
import dev.windlass.testkit.simulation.check.Violations;
import dev.windlass.testkit.storage.InMemoryStorage;
import dev.windlass.testkit.time.SimulatedPlatform;
import dev.windlass.testkit.time.Timeline;
import dev.windlass.testkit.time.WallClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One simulated run of the engine: the shipped engine, unchanged, on one thread and virtual time,
 * with a simulated machine, storage and disc of the state store, users, faults and crashes, all
 * from one seed. Used once.
 */
final class Simulation implements AutoCloseable {

  /** A run that takes more steps than this has no end. */
  private static final long MOST_STEPS = 100_000;

  /** Which state store a run has. */
  enum Disk {
    /** One in memory that meets torn writes, lost syncs, full and slow discs. */
    SIMULATED,
    /** The shipped one, in a real file. */
    SQLITE
  }

  /** What a run came to. */
  record Result(
      List<Violations.Violation> violations,
      List<String> journal,
      String fingerprint,
      List<String> crashPoints,
      int lives,
      int programs) {

    boolean isGood() {
      return violations.isEmpty();
    }
  }

  /**
   * A crash at one of the {@link CrashPoints}.
   *
   * @param at number of the point, from 1 on; 0 for none
   * @param isPowerCut whether the machine loses its power, and not only the host's process ends
   */
  record PlannedCrash(long at, boolean isPowerCut) {
    static final PlannedCrash NONE = new PlannedCrash(0, false);
  }

  private final Scenario scenario;
  private final PlannedCrash crash;
  private final String engineId;
  private final Timeline timeline;
  private final Journal journal;
  private final Violations violations;
  private final WallClock wall;
  private final Faults faults;
  private final CrashPoints points;
  private final Records records = new Records();
  private final Ledger ledger;
  private final SimulatedMachine machine;
  private final InMemoryStorage objects;
  private final FileSystem files;
  private final StoreDisk disk;
  private final SimulatedHost host;
  private final SimulatedUser user;
  private List<Change> inFlight = List.of();

  /**
   * A run that has not begun.
   *
   * @param kind which store it has
   * @param programs what the attempts run
   * @param crash what happens besides
   */
  Simulation(Scenario scenario, Disk kind, Programs programs, PlannedCrash crash) {
    this.scenario = scenario;
    this.crash = crash;
    this.engineId = String.format("%032x", scenario.seed());
    this.timeline = new Timeline(new Random(scenario.seed() + 1));
    this.journal = new Journal(timeline);
    this.violations = new Violations(journal);
    this.wall = new WallClock(timeline);
    this.faults = new Faults(timeline);
    this.points = new CrashPoints(crash.at(), this::crashHere);
    this.ledger =
        new Ledger(timeline, journal, violations, records, Simulation::capacity, Simulation::named);
    this.machine = new SimulatedMachine(timeline, wall, programs, ledger);
    this.objects = InMemoryStorage.create(wall);
    this.files =
        Jimfs.newFileSystem(
            Configuration.unix().toBuilder()
                .setAttributeViews("basic", "owner", "posix", "unix")
                .build());
    this.disk =
        switch (kind) {
          case SIMULATED ->
              new SimulatedStoreDisk(engineId, scenario.seed(), timeline, faults, points);
          case SQLITE -> new SqliteDisk();
        };
    this.host =
        new SimulatedHost(
            new SimulatedHost.World(
                timeline,
                journal,
                violations,
                wall,
                faults,
                points,
                machine,
                objects,
                files.getPath("/engine"),
                this::openStore,
                scenario.eventRetention(),
                records,
                new EventChecker(journal, violations, records),
                new ConsumerChecker(violations, records)));
    this.user = new SimulatedUser(timeline, journal, violations, records, host::engine);
  }

  private void crashHere(String where) {
    SimulatedHost present = host;
    if (present != null) {
      present.crashHere(where, crash.isPowerCut() ? this::losePower : () -> {});
    }
  }

  private static Resources capacity(String node) {
    if (node.startsWith(ScenarioDice.GRID + ".")) {
      return ScenarioDice.GRID_NODE;
    }
    return node.startsWith(ScenarioDice.CLUSTER + "-")
        ? ScenarioDice.CLUSTER_NODE
        : ScenarioDice.DEFAULT_NODE;
  }

  private static Map<String, Integer> named(String node) {
    return node.startsWith(ScenarioDice.CLUSTER + "-") ? ScenarioDice.CLUSTER_NAMED : Map.of();
  }

  private StateStore openStore(SimulatedPlatform life) {
    ObservedStore store = new ObservedStore(engineId, disk.open(life), new CommitObserver());
    new CommitObserver().reopened(store);
    if (scenario.needsLicences() && store.namedResources().isEmpty()) {
      store.commit(
          List.of(new Change.NamedResourceSet(ScenarioDice.LICENCE, ScenarioDice.LICENCES)));
    }
    return store;
  }

  /** Runs to the end, or to the first violation. */
  Result run() {
    host.bootAfter(Duration.ZERO);
    for (SubmittedJob job : scenario.jobs()) {
      timeline.after(job.at(), () -> user.submit(job.description()));
    }
    for (Disturbance disturbance : scenario.disturbances()) {
      timeline.after(disturbance.at(), () -> disturb(disturbance));
    }
    timeline.after(scenario.calmAt(), this::calm);
    boolean more = true;
    while (more && violations.isEmpty()) {
      more = step();
    }
    if (violations.isEmpty()) {
      checkQuiet();
    }
    return new Result(
        violations.all(),
        journal.lines(),
        journal.fingerprint(),
        List.copyOf(points.passed()),
        host.lives(),
        ledger.lines().size());
  }

  private void calm() {
    faults.endAll();
    ledger.calm();
    if (scenario.pauses()) {
      user.resumeAll();
    }
    if (scenario.needsGrid()) {
      user.calm();
    }
    if (scenario.keepsOnFail()) {
      user.releaseAll();
    }
  }

  private boolean step() {
    if (timeline.steps() > MOST_STEPS) {
      violations.add("every job comes to its end", "no end in sight");
    }
    try {
      return timeline.step();
    } catch (RuntimeException | Error e) {
      violations.add("nothing unexpected", stackTrace(e));
      return false;
    } catch (Exception e) {
      return true; // a crash, unwound to here
    }
  }

  private static String stackTrace(Throwable thrown) {
    StringBuilder text = new StringBuilder(thrown.toString());
    Stream.of(thrown.getStackTrace()).limit(12).forEach(frame -> text.append("\n  ").append(frame));
    return text.toString();
  }

  // ---- disturbances ----

  private void disturb(Disturbance what) {
    journal.write("disturbance: " + what);
    switch (what.kind()) {
      case HOST_KILLED -> host.crash("killed");
      case POWER_CUT -> powerCut();
      case PROGRAM_KILLED -> killProgram();
      case CLOCK_AHEAD -> jump(Duration.ofDays(1).plus(what.length()));
      case CLOCK_BACK -> jump(Duration.ofDays(-1).minus(what.length()));
      case DISK_FULL -> faults.begin(Fault.DISK_FULL, what.length());
      case SYNC_FAILS -> faults.begin(Fault.SYNC_FAILS, what.length());
      case DISK_SLOW -> faults.begin(Fault.DISK_SLOW, what.length());
      case STORAGE_AWAY -> faults.begin(Fault.STORAGE_AWAY, what.length());
      case STORAGE_THROTTLES -> faults.begin(Fault.STORAGE_THROTTLES, what.length());
      case STORAGE_SLOW -> faults.begin(Fault.STORAGE_SLOW, what.length());
      case EXECUTOR_AWAY -> faults.begin(Fault.EXECUTOR_AWAY, what.length());
      case EXECUTOR_ODD -> faults.begin(Fault.EXECUTOR_ODD, what.length());
      case STOP -> job(what).ifPresent(job -> user.stop(job.name()));
      case RESTART -> job(what).ifPresent(job -> user.restart(job.name()));
      case DELETE -> job(what).ifPresent(job -> user.delete(job.name()));
      case RELEASE -> job(what).ifPresent(job -> user.release(job.name()));
      case SUBMIT_AGAIN -> job(what).ifPresent(user::submit);
      case CLOSE -> host.close();
      case FEWER_LICENCES -> user.setLicences(ScenarioDice.FEWER_LICENCES);
      case MORE_LICENCES -> user.setLicences(ScenarioDice.LICENCES);
      case CLUSTER_GONE -> {
        host.takeClusterAway();
        host.close();
      }
      case NODES_SET -> user.setNodes(timeline.random().nextInt(2 * ScenarioDice.GRID_NODES));
      case NODE_DRAINED -> user.onNode("drain", Engine::drainNode);
      case NODE_DELETED -> user.onNode("delete", Engine::deleteNode);
      case NODE_RECREATED -> user.onNode("recreate", Engine::recreateNode);
      case NODE_LOST -> loseNode();
      case GRID_DELETED -> user.deleteGrid();
      case CAP_LOWERED -> job(what).ifPresent(job -> user.lowerCap(job.name()));
      case RETRIES_TAKEN -> job(what).ifPresent(user::takeRetries);
      case PAUSE -> job(what).ifPresent(job -> user.pause(job.name()));
      case RESUME -> job(what).ifPresent(job -> user.resume(job.name()));
      case RESTART_FAILED ->
          job(what).ifPresent(job -> user.manage(new JobOperation.RestartFailed(), job.name()));
      case RESTART_FROM -> job(what).ifPresent(this::restartFrom);
      case STOP_ALL -> user.stopAll();
    }
  }

  private Optional<JobDescription> job(Disturbance what) {
    return scenario.jobs().stream()
        .map(SubmittedJob::description)
        .filter(job -> job.name().equals("job" + what.job()))
        .findFirst();
  }

  private void restartFrom(JobDescription job) {
    List<TaskName> tasks = List.copyOf(job.tasks().keySet());
    TaskName from = tasks.get(Math.min(1, tasks.size() - 1));
    user.manage(new JobOperation.RestartFrom(from), job.name());
  }

  private void jump(Duration by) {
    wall.jump(by);
    ledger.clockJumped();
  }

  private void powerCut() {
    host.crash("power cut");
    losePower();
  }

  private void losePower() {
    disk.powerCut();
    machine.reboot();
  }

  private void loseNode() {
    List<String> nodes = machine.nodesUp();
    if (!nodes.isEmpty()) {
      machine.loseNode(nodes.get(timeline.random().nextInt(nodes.size())), "its power is gone");
    }
  }

  private void killProgram() {
    List<AttemptId> running = machine.running();
    if (!running.isEmpty()) {
      machine.kill(
          running.get(timeline.random().nextInt(running.size())), new Outcome.Signalled(9));
    }
  }

  // ---- what is acknowledged ----

  private final class CommitObserver implements ObservedStore.Observer {
    @Override
    public void begun(List<Change> changes) {
      journal.write("commit of " + changes.size() + " changes");
      inFlight = List.copyOf(changes);
      ledger.committing(changes);
      points.pass("before a commit");
    }

    @Override
    public void acknowledged(List<Change> changes) {
      records.apply(changes, violations);
      inFlight = List.of();
      ledger.committed();
      points.pass("after a commit");
    }

    /** A commit that was not acknowledged is there whole or not at all; all others are there. */
    @Override
    public void reopened(StateStore store) {
      journal.write("the state store is open");
      ledger.forgotten(store.namedResources());
      Optional<String> difference = records.difference(store);
      if (difference.isPresent() && !inFlight.isEmpty()) {
        records.apply(inFlight, violations);
        difference = records.difference(store);
      }
      inFlight = List.of();
      difference.ifPresent(found -> violations.add("what is acknowledged stays", found));
    }
  }

  // ---- the end ----

  private void checkQuiet() {
    violations.unless(
        machine.known().isEmpty(),
        "nothing is left behind",
        () -> "evidence of " + machine.known());
    violations.unless(ledger.running() == 0, "nothing is left behind", () -> "programs run");
    violations.unless(
        host.openUploads() == 0,
        "nothing is left behind",
        () -> host.openUploads() + " open uploads");
    if (host.engine().isEmpty()) {
      violations.add("every job comes to its end", "the host is down");
      return;
    }
    try {
      new FinalChecker(host.engine().get(), ledger, records, objects, violations)
          .check(user.mustBeThere(), user.mustBeGone(), user.mayBeStopped());
      user.checkChanges(host.engine().get());
      host.checkEvents();
      checkNodes(host.engine().get());
    } catch (RuntimeException e) {
      violations.add("the engine goes on", stackTrace(e));
    }
    checkFiles();
  }

  /** There are the nodes that are wanted, and no others. */
  private void checkNodes(Engine engine) {
    Set<String> there = new TreeSet<>();
    for (ClusterStatus cluster : engine.clusters()) {
      if (!cluster.configured()) {
        List<NodeStatus> nodes = engine.nodes(cluster.name());
        nodes.forEach(node -> there.add(node.name()));
        violations.unless(
            nodes.size() == ScenarioDice.GRID_NODES
                && nodes.stream().allMatch(node -> node.state() == NodeState.RUNNING),
            "a cluster comes to what it is to be",
            () -> nodes.toString());
      }
    }
    violations.unless(
        machine.knownNodes().equals(there),
        "nothing is left behind",
        () -> "nodes " + machine.knownNodes() + ", on record are " + there);
  }

  private void checkFiles() {
    Path runs = files.getPath("/engine/runs");
    if (Files.notExists(runs)) {
      return;
    }
    try (Stream<Path> all = Files.walk(runs);
        Stream<Path> jobs = Files.list(runs)) {
      Stream.concat(
              all.filter(Files::isRegularFile)
                  .filter(file -> !isKeptLog(file) && !isReserved(file)),
              jobs.filter(directory -> !isThere(directory)))
          .findFirst()
          .ifPresent(left -> violations.add("nothing is left behind", left.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isThere(Path directoryOfJob) {
    return records.description(new JobId(directoryOfJob.getFileName().toString())).isPresent();
  }

  /** Of {@code <job>/<task>/<index>.<number>/...} the attempt. */
  private boolean isReserved(Path file) {
    Path relative = files.getPath("/engine/runs").relativize(file);
    String attempt = relative.getName(2).toString();
    return records.isReserved(
        AttemptId.parse(relative.subpath(0, 2) + "/" + attempt.replace('.', '/')));
  }

  private boolean isKeptLog(Path file) {
    String name = file.getFileName().toString();
    Path runs = files.getPath("/engine/runs");
    return (name.equals("stdout") || name.equals("stderr"))
        && isThere(runs.resolve(runs.relativize(file).getName(0)));
  }

  @Override
  public void close() {
    disk.close();
    try {
      files.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
