package dev.windlass.core.job;

import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobOperation;
import dev.windlass.TaskStatus;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.NodePool;
import dev.windlass.core.store.SqliteStore;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A world around the real core and the real store: an executor that keeps evidence, commits that
 * come late, hosts that crash, users that interfere, time that jumps. All of it from one seed. The
 * promises are checked at every step.
 */
final class Simulation implements AutoCloseable {
  private static final ClusterName CLUSTER = new ClusterName("default");
  private static final String EXECUTOR = "fake";
  private static final Resources NODE = Resources.cpus(3).withGpus(3);

  /** A named resource of the engine, and most that there is of it. */
  static final String LICENCE = "licence";

  static final int MOST_LICENCES = 4;

  /** A named resource of the cluster. */
  static final String SITE = "site";

  private static final int SITE_TOTAL = 2;

  /** What the fake executor knows of an attempt until it is released. */
  private static final class Evidence {
    final TaskPlan plan;
    final String node;
    final List<Integer> gpuDevices;
    Optional<Instant> started = Optional.empty();
    Optional<Outcome> ended = Optional.empty();
    boolean cancelled;
    boolean concluding;

    Evidence(TaskPlan plan, String node, List<Integer> gpuDevices) {
      this.plan = plan;
      this.node = node;
      this.gpuDevices = gpuDevices;
    }

    Optional<Duration> running() {
      return started.isPresent() && ended.isEmpty() ? Optional.of(Duration.ZERO) : Optional.empty();
    }
  }

  private final Random random;
  private final SqliteStore store;
  private final Map<JobId, JobDescription> descriptions = new LinkedHashMap<>();
  private final Map<AttemptId, Evidence> evidence = new LinkedHashMap<>();
  private final Deque<Core.Turn> uncommitted = new ArrayDeque<>();
  private final Set<InstanceId> recordedFinished = new HashSet<>();
  private final Map<JobId, State> told = new HashMap<>();
  private final Set<JobId> over = new HashSet<>();
  private final Set<JobId> deleted = new HashSet<>();
  private final Map<InstanceId, Integer> programFailures = new HashMap<>();
  private final Set<Long> answered = new HashSet<>();
  private Core core;
  private long nanos;
  private long sequence;
  private long requests;

  /** How many licences there are by what the core was told last. */
  private int licences;

  int crashes;
  int launches;

  Simulation(long seed, Path file) {
    random = new Random(seed);
    store = SqliteStore.open(file);
    core = newCore();
    core.apply(new Input.ExecutorReady(EXECUTOR, List.of()), now());
    setLicences(MOST_LICENCES);
  }

  private void setLicences(int total) {
    licences = total;
    core.apply(new Input.SetNamedResource(++requests, LICENCE, total), now());
    endTurn();
  }

  private Core newCore() {
    List<Node> nodes = List.of(new Node("n0", EXECUTOR, NODE), new Node("n1", EXECUTOR, NODE));
    return new Core(
        Map.of(CLUSTER, new NodePool(nodes, Map.of(SITE, SITE_TOTAL))),
        (job, name, task, made) ->
            Optional.of(
                new TaskPlan(
                    job,
                    name,
                    task,
                    CLUSTER,
                    EXECUTOR,
                    TaskPlan.requestOf(task, InstanceTypes.builtIn()),
                    Map.of())),
        executor -> false,
        Duration.ofSeconds(1));
  }

  private Now now() {
    return new Now(Instant.EPOCH.plusNanos(nanos), nanos);
  }

  // ---- users ----

  JobId submit(JobDescription description) {
    sequence++;
    JobId job = new JobId(String.format("job-%032x", sequence));
    descriptions.put(job, description);
    long request = ++requests;
    core.apply(new Input.Submit(request, job, sequence, description, Optional.empty()), now());
    endTurn();
    while (!answered.contains(request)) {
      commitOne(); // the caller waits
    }
    return job;
  }

  private void interfere() {
    JobId job = any(new ArrayList<>(descriptions.keySet()));
    long request = ++requests;
    switch (random.nextInt(5)) {
      case 4 -> setLicences(random.nextInt(MOST_LICENCES + 1));
      case 0 -> operate(request, job, new JobOperation.Stop());
      case 1 -> operate(request, job, new JobOperation.Delete());
      default -> {
        operate(request, job, new JobOperation.Restart());
        descriptions
            .get(job)
            .tasks()
            .keySet()
            .forEach(task -> programFailures.keySet().removeIf(i -> i.job().equals(job)));
      }
    }
    endTurn();
  }

  private void operate(long request, JobId job, JobOperation operation) {
    core.apply(new Input.Operate(request, job, operation, ""), now());
  }

  // ---- the world ----

  /** One random step; false if nothing is left to happen. */
  boolean step(boolean disturbed) {
    int choice = random.nextInt(100);
    if (disturbed && choice < 4) {
      crash();
    } else if (disturbed && choice < 7) {
      interfere();
    } else if (choice < 35 && !uncommitted.isEmpty()) {
      commitOne();
    } else if (choice < 85 && advanceAttempt()) {
      return true;
    } else if (!uncommitted.isEmpty()) {
      commitOne();
    } else if (core.nextTimerNanos().isPresent()) {
      nanos = Math.max(nanos, core.nextTimerNanos().getAsLong());
      endTurn();
    } else {
      return advanceAttempt();
    }
    return true;
  }

  private boolean advanceAttempt() {
    List<AttemptId> open = new ArrayList<>();
    evidence.forEach(
        (id, known) -> {
          if (known.ended.isEmpty()) {
            open.add(id);
          }
        });
    if (open.isEmpty()) {
      return false;
    }
    AttemptId id = any(open);
    Evidence known = evidence.get(id);
    if (known.started.isEmpty() && !known.cancelled && random.nextInt(4) > 0) {
      known.started = Optional.of(now().wall());
      core.apply(new Input.AttemptStarted(id, now().wall()), now());
    } else {
      known.ended = Optional.of(known.cancelled ? new Outcome.Cancelled() : outcome());
      tellEnd(id, known);
    }
    nanos += random.nextInt(1_000_000);
    endTurn();
    return true;
  }

  private Outcome outcome() {
    return switch (random.nextInt(20)) {
      case 0, 1 -> new Outcome.Exited(1);
      case 2 -> new Outcome.Exited(7);
      case 3 -> new Outcome.Lost("simulated");
      case 4 -> new Outcome.Refused("simulated", true);
      case 5 -> new Outcome.Signalled(11);
      default -> new Outcome.Exited(0);
    };
  }

  private void tellEnd(AttemptId id, Evidence known) {
    core.apply(
        new Input.AttemptExited(id, now().wall(), known.ended.orElseThrow(), Usage.unknown()),
        now());
  }

  private void crash() {
    crashes++;
    uncommitted.clear();
    nanos += random.nextInt(1_000_000_000);
    core = newCore();
    licences = store.namedResources().getOrDefault(LICENCE, 0);
    core.apply(new Input.NamedResourcesRecovered(store.namedResources()), now());
    evidence.values().forEach(known -> known.concluding = false);
    for (StoredJob job : store.loadNotOver()) {
      core.apply(new Input.Recovered(job), now());
    }
    List<Input.Alive> alive = new ArrayList<>();
    evidence.forEach(
        (id, known) ->
            alive.add(
                new Input.Alive(
                    id,
                    Optional.of(known.node),
                    known.gpuDevices,
                    known.started,
                    known.running())));
    core.apply(new Input.ExecutorReady(EXECUTOR, alive), now());
    evidence.forEach(
        (id, known) -> {
          if (known.ended.isPresent()) {
            tellEnd(id, known);
          }
        });
    endTurn();
  }

  // ---- turns and commits ----

  private void endTurn() {
    Core.Turn turn = core.endTurn(1 + random.nextInt(5), now());
    if (!turn.changes().isEmpty() || !turn.afterCommit().isEmpty()) {
      uncommitted.add(turn);
    }
    turn.now().forEach(this::carryOut);
    checkCapacity();
  }

  private void commitOne() {
    Core.Turn turn = uncommitted.poll();
    if (turn == null) {
      throw new AssertionError("somebody waits for a commit, and there is none");
    }
    commit(turn);
    turn.afterCommit().forEach(this::carryOut);
    endTurn();
  }

  private void commit(Core.Turn turn) {
    store.commit(turn.changes());
    for (Change change : turn.changes()) {
      if (change instanceof Change.InstanceChanged instance
          && instance.record().state() == State.FINISHED) {
        recordedFinished.add(instance.record().id());
      }
      if (change instanceof Change.TaskReset reset && reset.finishedToo()) {
        forgetFinished(reset);
      }
    }
  }

  /** The final task of a job that was restarted runs again. */
  private void forgetFinished(Change.TaskReset reset) {
    descriptions.forEach(
        (job, description) -> {
          if (job.value().endsWith(String.format("%032x", reset.sequence()))) {
            TaskName last = description.finalTask().orElseThrow();
            check(
                List.copyOf(description.tasks().keySet()).indexOf(last) == reset.ordinal(),
                "only a final task runs again although it finished");
            told.remove(job);
            recordedFinished.removeIf(id -> id.job().equals(job) && id.task().equals(last));
          }
        });
  }

  private void carryOut(Effect effect) {
    if (effect instanceof Effect.Launch launch) {
      launch(launch);
    } else if (effect instanceof Effect.Cancel cancel) {
      Evidence known = evidence.get(cancel.id());
      if (known != null) {
        known.cancelled = true;
      }
    } else if (effect instanceof Effect.Conclude conclude) {
      conclude(conclude);
    } else if (effect instanceof Effect.Load load) {
      // The committing thread reads after all that was handed over before.
      while (!uncommitted.isEmpty()) {
        Core.Turn turn = uncommitted.poll();
        commit(turn);
        turn.afterCommit().forEach(this::carryOut);
      }
      core.apply(new Input.Loaded(load.job(), store.load(load.job()).orElse(null)), now());
      endTurn();
    } else if (effect instanceof Effect.Release release) {
      Evidence known = evidence.remove(release.id());
      check(known == null || known.ended.isPresent(), "released while it runs: " + release.id());
    } else if (effect instanceof Effect.Feed feed) {
      core.apply(feed.input(), now());
    } else if (effect instanceof Effect.Reply reply) {
      answered.add(reply.request());
    } else if (effect instanceof Effect.Refuse refuse) {
      answered.add(refuse.request());
    } else if (effect instanceof Effect.JobOver told) {
      over.add(told.job());
    } else if (effect instanceof Effect.ForgetFiles forget) {
      deleted.add(forget.job());
    }
  }

  private void launch(Effect.Launch launch) {
    launches++;
    AttemptId id = launch.id();
    check(!evidence.containsKey(id), "launched twice: " + id);
    evidence.forEach(
        (other, known) ->
            check(
                !other.instance().equals(id.instance()) || known.ended.isPresent(),
                "two attempts of one instance at once: " + other + " and " + id));
    check(!recordedFinished.contains(id.instance()), "finished, yet launched: " + id);
    JobDescription job = descriptions.get(id.job());
    job.dependencies()
        .forEach(
            (before, after) -> {
              TaskDescription task = task(job, id.instance().task());
              if (task.perInstance().contains(before)) {
                InstanceId first = new InstanceId(id.job(), before, id.instance().index());
                check(
                    recordedFinished.contains(first),
                    id + " launched before " + first + " had durably finished");
              } else if (after.contains(id.instance().task())) {
                check(
                    taskState(id.job(), before).isEnded(),
                    id + " launched before its predecessor " + before + " had durably ended");
              }
            });
    checkFinalTask(launch, job);
    checkDevices(launch);
    evidence.put(id, new Evidence(launch.plan(), launch.node(), launch.gpuDevices()));
    checkNamed(launch);
  }

  private static TaskDescription task(JobDescription job, TaskName name) {
    return Objects.requireNonNull(job.tasks().get(name));
  }

  /** The final task begins when all is over, and is told how the job will end. */
  private void checkFinalTask(Effect.Launch launch, JobDescription job) {
    AttemptId id = launch.id();
    boolean isFinal = job.finalTask().equals(Optional.of(id.instance().task()));
    check(isFinal == launch.jobEnd().isPresent(), id + " was told the wrong end");
    if (isFinal) {
      job.tasks()
          .keySet()
          .forEach(
              task ->
                  check(
                      task.equals(id.instance().task()) || taskState(id.job(), task).isEnded(),
                      id + " launched before " + task + " had durably ended"));
      evidence.forEach(
          (other, known) ->
              check(
                  !other.job().equals(id.job())
                      || other.instance().task().equals(id.instance().task())
                      || known.ended.isPresent(),
                  id + " launched while " + other + " runs"));
      told.put(id.job(), launch.jobEnd().get());
    }
  }

  private State taskState(JobId job, TaskName task) {
    for (TaskStatus status : store.tasks(job)) {
      if (status.name().equals(task)) {
        return status.state();
      }
    }
    throw new AssertionError("no task " + task);
  }

  private void conclude(Effect.Conclude conclude) {
    Evidence known = evidence.get(conclude.id());
    check(known != null && known.ended.isPresent(), "concluded while it runs: " + conclude.id());
    check(!known.concluding, "concluded twice: " + conclude.id());
    known.concluding = true;
    check(
        !conclude.accepted() || conclude.outcome().isSuccess(),
        "outputs of a failed attempt accepted: " + conclude.id());
    Outcome outcome =
        conclude.accepted() && random.nextInt(10) == 0
            ? new Outcome.StageOutFailed("simulated", true)
            : conclude.outcome();
    core.apply(
        new Input.AttemptConcluded(
            conclude.id(), now().wall(), outcome, Usage.unknown(), conclude.accepted()),
        now());
    endTurn();
  }

  // ---- checks ----

  private void checkCapacity() {
    Map<String, Resources> used = new HashMap<>();
    evidence.forEach(
        (id, known) -> {
          if (known.ended.isEmpty()) {
            used.merge(known.node, known.plan.request(), Resources::plus);
          }
        });
    used.forEach(
        (node, sum) -> check(NODE.covers(sum.ofNode()), "too much on " + node + ": " + sum));
  }

  private void checkDevices(Effect.Launch launch) {
    check(
        launch.gpuDevices().size() == launch.request().gpus(),
        launch.id() + " got devices " + launch.gpuDevices());
    for (int device : launch.gpuDevices()) {
      check(device < NODE.gpus(), launch.id() + " got device " + device);
      evidence.forEach(
          (other, known) ->
              check(
                  known.ended.isPresent()
                      || !known.node.equals(launch.node())
                      || !known.gpuDevices.contains(device),
                  other + " has device " + device + " which " + launch.id() + " got"));
    }
  }

  /** What was adopted may be more than there is; but then nothing is added to it. */
  private void checkNamed(Effect.Launch launch) {
    Map<String, Integer> totals = Map.of(SITE, SITE_TOTAL, LICENCE, licences);
    launch
        .request()
        .named()
        .keySet()
        .forEach(
            name -> {
              int used =
                  evidence.values().stream()
                      .filter(known -> known.ended.isEmpty())
                      .mapToInt(known -> known.plan.request().named().getOrDefault(name, 0))
                      .sum();
              check(
                  used <= totals.get(name),
                  launch.id() + " makes " + used + " " + name + " of " + totals);
            });
  }

  /** From now on there are as many licences as a task could want. */
  void calm() {
    setLicences(MOST_LICENCES);
  }

  /** What must hold once nothing happens any more. */
  void checkQuiet() {
    check(evidence.isEmpty(), "evidence is left: " + evidence.keySet());
    check(core.jobsInMemory() == 0, "jobs are left in memory");
    for (JobId job : descriptions.keySet()) {
      if (deleted.contains(job)) {
        check(store.job(job).isEmpty(), "deleted, yet there: " + job);
        continue;
      }
      var status = store.job(job).orElseThrow();
      check(status.isOver(), "not over: " + status);
      check(
          status.instances().waiting() + status.instances().running() == 0,
          "open instances in an ended job: " + status);
      for (TaskStatus task : store.tasks(job)) {
        checkCounts(task);
        checkGates(task, description(job));
      }
      State end = told.getOrDefault(job, status.state());
      check(
          end == status.state() || end == State.FINISHED,
          "the final task was told " + end + ", the job is " + status);
    }
  }

  private JobDescription description(JobId job) {
    return Objects.requireNonNull(descriptions.get(job));
  }

  /** Nothing is left out of a finished task but what could not run. */
  private void checkGates(TaskStatus task, JobDescription job) {
    long stopped = task.instances().stopped();
    long leftOut =
        java.util.stream.IntStream.range(0, task(job, task.name()).instanceCount())
            .filter(
                index ->
                    task(job, task.name()).perInstance().stream()
                        .anyMatch(
                            before ->
                                !recordedFinished.contains(
                                    new InstanceId(task.job(), before, index))))
            .count();
    check(
        task.state() != State.FINISHED || stopped == leftOut,
        task + " left out " + leftOut + " instances");
  }

  private void checkCounts(TaskStatus task) {
    for (State state : State.values()) {
      List<InstanceStatus> listed =
          store
              .instances(task.job(), task.name(), InstanceQuery.all().limit(1000).inState(state))
              .orElseThrow()
              .items();
      check(
          listed.size() == task.instances().of(state),
          state + " counted " + task.instances() + ", listed " + listed.size());
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  @Override
  public void close() {
    store.close();
  }
}
