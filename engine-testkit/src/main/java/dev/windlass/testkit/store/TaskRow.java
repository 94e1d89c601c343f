package dev.windlass.testkit.store;

import dev.windlass.AttemptStatus;
import dev.windlass.Counts;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.Manifest;
import dev.windlass.Page;
import dev.windlass.TaskStatus;
import dev.windlass.UsageTotals;
import dev.windlass.core.job.Course;
import dev.windlass.core.job.InstanceRecord;
import dev.windlass.core.job.JobRecord;
import dev.windlass.core.job.ReservedRecord;
import dev.windlass.core.job.TaskRecord;
import dev.windlass.core.schedule.Spent;
import dev.windlass.job.InstanceId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/** What the simulated store keeps of a task, its instances and their attempts. */
final class TaskRow {
  private final TaskName name;
  private final int instanceCount;
  private TaskRecord record;

  /** By index; only those that have had an attempt. */
  private final NavigableMap<Integer, InstanceRecord> instances = new TreeMap<>();

  /** What instances that failed have kept, by index. */
  private final NavigableMap<Integer, ReservedRecord> reserved = new TreeMap<>();

  /** By index and number; all attempts but the last one of each instance. */
  private final NavigableMap<Integer, NavigableMap<Integer, AttemptStatus>> history =
      new TreeMap<>();

  /** By index and number; of attempts that published something. */
  private final Map<Integer, Map<Integer, Manifest>> manifests = new TreeMap<>();

  private UsageTotals usage = UsageTotals.NONE;

  TaskRow(JobRecord job, int ordinal, TaskName name, TaskDescription task) {
    this.name = name;
    this.instanceCount = task.instanceCount();
    record =
        new TaskRecord(
            job.id(),
            job.sequence(),
            ordinal,
            State.WAITING,
            task.maxRunning(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            0,
            0,
            0,
            0,
            0);
  }

  // ---- changes ----

  void write(TaskRecord given) {
    record =
        new TaskRecord(
            record.job(),
            record.sequence(),
            record.ordinal(),
            given.state(),
            given.maxRunning(),
            given.retry(),
            SimulatedTables.stored(given.started()),
            SimulatedTables.stored(given.ended()),
            given.attemptBase(),
            given.lastAttempt(),
            given.learnedMemoryBytes(),
            given.running(),
            given.finished(),
            given.failed(),
            given.stopped());
  }

  void write(InstanceRecord given) {
    put(given, given.state(), given.spent());
  }

  private void put(InstanceRecord given, State state, Spent spent) {
    instances.put(
        given.id().index(),
        new InstanceRecord(
            id(given.id().index()),
            record.sequence(),
            record.ordinal(),
            state,
            given.attempt(),
            given.active(),
            spent,
            given.booked(),
            given.gpuDevices(),
            given.node(),
            given.executor(),
            SimulatedTables.stored(given.attemptStarted()),
            SimulatedTables.stored(given.attemptEnded()),
            given.outcome(),
            given.usage(),
            stored(given.course())));
  }

  private static Course stored(Course course) {
    return new Course(
        SimulatedTables.stored(course.waitingSince()),
        SimulatedTables.stored(course.begun()),
        SimulatedTables.stored(course.published()),
        course.bytesStaged(),
        course.bytesPublished());
  }

  void add(UsageTotals used) {
    usage = usage.plus(used);
  }

  void publish(int index, int attempt, Manifest manifest) {
    manifests.computeIfAbsent(index, any -> new TreeMap<>()).put(attempt, manifest);
  }

  UsageTotals usage() {
    return usage;
  }

  Manifest outputs(int index, int attempt) {
    return manifests.getOrDefault(index, Map.of()).getOrDefault(attempt, Manifest.empty());
  }

  private InstanceId id(int index) {
    return new InstanceId(record.job(), name, index);
  }

  /** What the record of an instance says of its last attempt becomes history, if it has one. */
  void supersede(int index) {
    InstanceRecord instance = instances.get(index);
    if (instance != null) {
      history
          .computeIfAbsent(index, any -> new TreeMap<>())
          .putIfAbsent(instance.attempt(), attempt(instance));
    }
  }

  void stopWaiting() {
    for (InstanceRecord instance : List.copyOf(instances.values())) {
      if (instance.state() == State.WAITING) {
        put(instance, State.STOPPED, instance.spent());
      }
    }
  }

  void forgetRuleRetries() {
    for (InstanceRecord instance : List.copyOf(instances.values())) {
      put(instance, instance.state(), instance.spent().withoutRules());
    }
  }

  /** The instances that failed or were stopped wait again. */
  void reset() {
    if (record.state() == State.FINISHED) {
      return; // what failed was tolerated
    }
    for (InstanceRecord instance : List.copyOf(instances.values())) {
      if (instance.state() == State.FAILED || instance.state() == State.STOPPED) {
        put(instance, State.WAITING, Spent.NOTHING);
      }
    }
  }

  void reserve(ReservedRecord given) {
    int index = given.id().index();
    ReservedRecord stored =
        new ReservedRecord(
            id(index),
            record.sequence(),
            record.ordinal(),
            given.attempt(),
            given.node(),
            given.resources(),
            given.gpuDevices(),
            SimulatedTables.stored(Optional.of(given.since())).orElseThrow());
    if (reserved.put(index, stored) != null) {
      throw new AssertionError("reserved twice: " + given);
    }
  }

  void release(int index) {
    reserved.remove(index);
  }

  /** The instances wait again, those that finished only if that is said. */
  void reset(boolean finishedToo) {
    for (InstanceRecord instance : List.copyOf(instances.values())) {
      if (finishedToo || instance.state() != State.FINISHED) {
        put(instance, State.WAITING, Spent.NOTHING);
      }
    }
  }

  // ---- for the core ----

  List<ReservedRecord> reserved() {
    return List.copyOf(reserved.values());
  }

  TaskRecord record() {
    return record;
  }

  /** The instances that are active, or wait to be tried again, by index. */
  List<InstanceRecord> open() {
    return instances.values().stream()
        .filter(each -> each.state() != State.FINISHED)
        .filter(each -> each.active() || (each.state() == State.WAITING && isTriedAgain(each)))
        .toList();
  }

  /** It had an attempt in this life of the job. */
  private boolean isTriedAgain(InstanceRecord instance) {
    return instance.attempt() > record.attemptBase();
  }

  /** One more than the highest index that has had an attempt. */
  int begun() {
    return instances.isEmpty() ? 0 : instances.lastKey() + 1;
  }

  /** The other instances that had an attempt, or were passed over, and are to run again. */
  RoaringBitmap again(State jobState) {
    RoaringBitmap indexes = new RoaringBitmap();
    for (int index = 0; index < begun(); index++) {
      InstanceRecord instance = instances.get(index);
      if (instance == null || isToRunAgain(instance, jobState)) {
        indexes.add(index);
      }
    }
    return indexes;
  }

  private boolean isToRunAgain(InstanceRecord instance, State jobState) {
    return jobState.isEnded()
        ? instance.state() == State.FAILED || instance.state() == State.STOPPED
        : instance.state() == State.WAITING && !isTriedAgain(instance) && !instance.active();
  }

  RoaringBitmap indexesIn(State state) {
    RoaringBitmap indexes = new RoaringBitmap();
    instances.values().stream()
        .filter(each -> each.state() == state)
        .forEach(each -> indexes.add(each.id().index()));
    return indexes;
  }

  // ---- for users ----

  TaskName name() {
    return name;
  }

  TaskStatus status() {
    long others = 0L + record.running() + record.finished() + record.failed() + record.stopped();
    return new TaskStatus(
        record.job(),
        name,
        record.state(),
        record.maxRunning(),
        record.retry(),
        record.started(),
        record.ended(),
        new Counts(
            instanceCount - others,
            record.running(),
            record.finished(),
            record.failed(),
            record.stopped()));
  }

  /** Where an instance stands; empty if there is none with this index. */
  Optional<InstanceStatus> status(int index) {
    if (index >= instanceCount) {
      return Optional.empty();
    }
    InstanceRecord instance = instances.get(index);
    return Optional.of(instance == null ? withoutRecord(index) : status(instance));
  }

  /** An instance without a record stands as its task does. */
  private InstanceStatus withoutRecord(int index) {
    return new InstanceStatus(
        id(index),
        record.state().isEnded() ? State.STOPPED : State.WAITING,
        0,
        0,
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Usage.unknown(),
        OptionalInt.empty());
  }

  private static InstanceStatus status(InstanceRecord instance) {
    return new InstanceStatus(
        instance.id(),
        instance.state(),
        instance.attempt(),
        instance.spent().retries(),
        instance.node(),
        instance.attemptStarted(),
        instance.state().isEnded() ? instance.attemptEnded() : Optional.empty(),
        instance.outcome(),
        instance.usage(),
        OptionalInt.empty());
  }

  /** A page of the instances, by index. */
  Page<InstanceStatus> page(InstanceQuery query) {
    long from = query.after().map(marker -> SimulatedTables.marker(marker) + 1).orElse(0L);
    List<InstanceStatus> found = new ArrayList<>();
    for (long index = Math.max(0, from); index < instanceCount; index++) {
      InstanceStatus status = status((int) index).orElseThrow();
      if (query.matches(status.state())) {
        if (found.size() == query.limit()) {
          int last = found.get(found.size() - 1).id().index();
          return new Page<>(found, Optional.of(Integer.toString(last)));
        }
        found.add(status);
      }
    }
    return new Page<>(found, Optional.empty());
  }

  /** The attempts of an instance, first one first. */
  List<AttemptStatus> attempts(int index) {
    List<AttemptStatus> attempts = new ArrayList<>();
    NavigableMap<Integer, AttemptStatus> earlier = history.get(index);
    if (earlier != null) {
      attempts.addAll(earlier.values());
    }
    InstanceRecord instance = instances.get(index);
    if (instance != null) {
      attempts.add(attempt(instance));
    }
    return attempts;
  }

  private static AttemptStatus attempt(InstanceRecord instance) {
    return new AttemptStatus(
        instance.id().attempt(instance.attempt()),
        instance.node(),
        instance.booked().memoryBytes(),
        instance.course().waitingSince(),
        instance.course().begun(),
        instance.attemptStarted(),
        instance.attemptEnded(),
        instance.course().published(),
        instance.outcome(),
        instance.usage(),
        instance.course().bytesStaged(),
        instance.course().bytesPublished());
  }
}
