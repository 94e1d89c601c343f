package dev.windlass.testkit.simulation.check;

import dev.windlass.core.job.Change;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryDelay;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.testkit.machine.SimulatedMachine;
import dev.windlass.testkit.time.Timeline;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What the programs themselves would write down: who began, who ended. Checks, at each beginning,
 * the promises about running.
 */
public final class Ledger implements SimulatedMachine.Observer {

  /** When nothing is disturbed, a stop takes the grace, and the engine's way to it. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(15);

  /** Where the final task finds how its job ends. */
  static final String JOB_STATE = "WINDLASS_JOB_STATE";

  private final Timeline timeline;
  private final Journal journal;
  private final Violations violations;
  private final Records records;
  private final Function<String, Resources> capacityOfNode;
  private final Holdings holdings;
  private final Map<AttemptId, Line> lines = new LinkedHashMap<>();
  private final Map<InstanceId, AttemptId> running = new HashMap<>();
  private final Map<String, Resources> booked = new HashMap<>();
  private final Set<AttemptId> released = new HashSet<>();
  private long calmNanos;

  public Ledger(
      Timeline timeline,
      Journal journal,
      Violations violations,
      Records records,
      Function<String, Resources> capacityOfNode,
      Function<String, Map<String, Integer>> namedOfCluster) {
    this.timeline = timeline;
    this.journal = journal;
    this.violations = violations;
    this.records = records;
    this.capacityOfNode = capacityOfNode;
    this.holdings = new Holdings(violations, namedOfCluster);
  }

  /** What a node offers. */
  Resources capacityOf(String node) {
    return capacityOfNode.apply(node);
  }

  /** All attempts that were ever launched, first one first. */
  public Map<AttemptId, Line> lines() {
    return lines;
  }

  /** Programs that run. */
  public int running() {
    return running.size();
  }

  @Override
  public void submitted(AttemptSpec spec) {
    journal.write("launched " + spec.id() + " on " + spec.node());
    violations.unless(
        !released.contains(spec.id()), "one id, one run", () -> spec.id() + " was launched again");
    checkPause(spec.id());
    lines.put(spec.id(), new Line(spec));
    Resources kept = records.reservedOn(spec.node()).ofNode();
    Resources sum = booked.merge(spec.node(), spec.resources().ofNode(), Resources::plus);
    violations.unless(
        capacityOfNode.apply(spec.node()).covers(sum.plus(kept)),
        "capacity is never exceeded",
        () -> spec.id() + " makes " + sum + " and " + kept + " kept on " + spec.node());
    holdings.begins(spec, capacityOfNode.apply(spec.node()));
  }

  /** After a failure of its program an instance waits for the pause that its task asks for. */
  private void checkPause(AttemptId id) {
    Line last = id.number() == 1 ? null : lines.get(id.instance().attempt(id.number() - 1));
    Optional<JobDescription> description = records.description(id.job());
    if (last == null
        || !isFailure(last)
        || description.isEmpty()
        || records.restarts(id.job()) > 0) {
      return;
    }
    TaskDescription task =
        Objects.requireNonNull(description.get().tasks().get(id.instance().task()));
    if (last.hadTime(task.timeout())) {
      return; // it may have been timed out just then, which can have another pause
    }
    RetryPolicy policy = task.retry();
    Outcome outcome = last.outcome().orElseThrow();
    String account = RetryChecker.account(policy, outcome);
    long failures =
        IntStream.range(1, id.number())
            .mapToObj(number -> lines.get(id.instance().attempt(number)))
            .filter(line -> line != null && isFailure(line))
            .filter(
                line -> RetryChecker.account(policy, line.outcome().orElseThrow()).equals(account))
            .count();
    RetryDelay delay =
        RetryChecker.rule(policy, outcome).flatMap(RetryRule::delay).orElse(policy.delay());
    long pause = delay.first().toNanos();
    for (int i = 1; i < failures; i++) {
      pause = Math.min(pause * 2, delay.longest().toNanos());
    }
    long least = pause - pause / 4; // the engine may shorten it by a quarter
    violations.unless(
        timeline.nanos() - last.endedNanos() >= least,
        "the pause before a retry is kept",
        () -> id + " was launched less than " + least + " ns after the one before");
  }

  /** An attempt that was ended for its node counts as lost, whatever its program did meanwhile. */
  private boolean isFailure(Line line) {
    return line.failedByItself() && !records.isEvicted(line.id());
  }

  @Override
  public void began(AttemptSpec spec) {
    AttemptId id = spec.id();
    journal.write("began " + id);
    Line line = lineOf(id);
    violations.unless(!line.hasBegun(), "one id, one run", () -> id + " began twice");
    line.begins(timeline.nanos());
    AttemptId other = running.put(id.instance(), id);
    violations.unless(other == null, "one at a time", () -> id + " began while " + other + " runs");
    violations.unless(
        !records.isFinished(id.instance()),
        "finished is final",
        () -> id + " began after a success");
    checkPredecessors(id);
    records.description(id.job()).ifPresent(job -> checkFinalTask(spec, job));
    checkCaps(id);
  }

  /** The final task begins when all others are over, on record and in truth. */
  private void checkFinalTask(AttemptSpec spec, JobDescription job) {
    AttemptId id = spec.id();
    boolean isFinal = job.finalTask().equals(Optional.of(id.instance().task()));
    violations.unless(
        isFinal == spec.environment().containsKey(JOB_STATE),
        "the final task is told how its job ends",
        () -> id + " was given " + spec.environment());
    violations.unless(
        !isFinal
            || job.tasks().keySet().stream()
                .filter(task -> !task.equals(id.instance().task()))
                .allMatch(task -> records.state(id.job(), task).isEnded()),
        "the final task comes last",
        () -> id + " began before all others had ended on record");
    violations.unless(
        running.keySet().stream()
            .filter(other -> other.job().equals(id.job()))
            .allMatch(other -> isFinal == job.finalTask().equals(Optional.of(other.task()))),
        "the final task comes last",
        () -> id + " began while " + running.keySet() + " run");
  }

  /** Counts programs; an instance that is staged or published counts for the engine too. */
  private void checkCaps(AttemptId id) {
    JobDescription job = records.description(id.job()).orElse(null);
    TaskDescription task = job == null ? null : job.tasks().get(id.instance().task());
    if (job != null && task != null) {
      long ofJob = running.keySet().stream().filter(any -> any.job().equals(id.job())).count();
      long ofTask =
          running.keySet().stream()
              .filter(any -> any.job().equals(id.job()) && any.task().equals(id.instance().task()))
              .count();
      violations.unless(
          ofJob <= job.maxRunning().orElse(Integer.MAX_VALUE)
              && ofTask <= task.maxRunning().orElse(Integer.MAX_VALUE),
          "caps are never exceeded",
          () -> id + " makes " + ofTask + " of its task and " + ofJob + " of its job");
    }
  }

  private Line lineOf(AttemptId id) {
    Line line = lines.get(id);
    if (line == null) {
      throw new IllegalStateException(id + " was never launched");
    }
    return line;
  }

  private void checkPredecessors(AttemptId id) {
    JobId job = id.job();
    Optional<JobDescription> description = records.description(job);
    if (description.isEmpty()) {
      violations.add("accepted before run", id + " began, and there is no record of its job");
      return;
    }
    for (Map.Entry<TaskName, Set<TaskName>> edge : description.get().dependencies().entrySet()) {
      if (edge.getValue().contains(id.instance().task())) {
        State parent = records.state(job, edge.getKey());
        InstanceId same = new InstanceId(job, edge.getKey(), id.instance().index());
        if (Conditions.isPerInstance(description.get(), edge.getKey(), id.instance().task())) {
          violations.unless(
              records.isFinished(same),
              "parents before children",
              () -> id + " began and " + same + " had not finished on record");
          continue;
        }
        violations.unless(
            Conditions.hold(description.get(), edge.getKey(), id.instance().task(), parent),
            "parents before children",
            () -> id + " began while " + edge.getKey() + " was " + parent + " on record");
      }
    }
  }

  @Override
  public void ended(AttemptSpec spec, Outcome outcome) {
    journal.write("ended " + spec.id() + " " + outcome);
    Line line = lineOf(spec.id());
    line.ends(timeline.nanos(), outcome);
    running.remove(spec.id().instance(), spec.id());
    booked.merge(spec.node(), spec.resources().ofNode(), Resources::minus);
    holdings.ends(spec);
    checkStop(line);
    checkTimeout(line);
    violations.unless(
        !line.hasBegun() || Files.isDirectory(spec.workDirectory()),
        "what runs keeps its files",
        () -> "the files of " + spec.id() + " were gone when it ended");
  }

  @Override
  public void released(AttemptId id) {
    journal.write("released " + id);
    released.add(id);
    Line line = lines.get(id);
    violations.unless(
        line == null || line.outcome().isPresent(), "released when over", () -> id + " still runs");
  }

  /** A program does not go on for long once the engine has recorded that it is stopped. */
  private void checkStop(Line line) {
    long since = Math.max(line.stoppedNanos(), calmNanos);
    violations.unless(
        !line.wasStopped() || timeline.nanos() - since < LONGEST_STOP.toNanos(),
        "stopped means ended",
        () -> line.id() + " went on after its stop was on record");
  }

  /** A program does not go on for long after the time that its task allows. */
  private void checkTimeout(Line line) {
    Optional<JobDescription> description = records.description(line.id().job());
    if (!line.hasBegun() || line.hasUnknownStart() || description.isEmpty()) {
      return;
    }
    Duration timeout =
        Objects.requireNonNull(description.get().tasks().get(line.id().instance().task()))
            .timeout();
    long due = Math.max(line.beganNanos() + timeout.toNanos(), calmNanos);
    violations.unless(
        timeline.nanos() - due < LONGEST_STOP.toNanos(),
        "a timeout is kept",
        () -> line.id() + " ran on after its " + timeout);
  }

  // ---- what the world tells ----

  /** A commit begins. */
  public void committing(List<Change> changes) {
    holdings.committing(changes);
  }

  /** A commit was acknowledged: what runs may be stopped by what is on record now. */
  public void committed() {
    for (AttemptId id : running.values()) {
      if (records.isStopped(id.instance())) {
        lineOf(id).stops(timeline.nanos());
      }
    }
  }

  /** The clock on the wall was set. */
  public void clockJumped() {
    running.values().forEach(id -> lineOf(id).clockJumped(timeline.nanos()));
  }

  /**
   * The engine has forgotten what it does not have on record, and asks anew.
   *
   * @param namedTotals how many there are of each named resource, by the store
   */
  public void forgotten(SortedMap<String, Integer> namedTotals) {
    running.values().forEach(id -> lineOf(id).learntAnew());
    records.mayBeFound(lines.keySet());
    holdings.reopened(namedTotals);
    committed();
  }

  /** From now on nothing is disturbed any more. */
  public void calm() {
    calmNanos = timeline.nanos();
  }
}
