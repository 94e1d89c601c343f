package dev.windlass.testkit.simulation;

import dev.windlass.cluster.InstanceTypes;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.Condition;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobDescription;
import dev.windlass.job.MemoryRetry;
import dev.windlass.job.Outcome;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryDelay;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Tolerance;
import dev.windlass.testkit.machine.RandomPrograms;
import dev.windlass.testkit.simulation.Scenario.Disturbance;
import dev.windlass.testkit.simulation.Scenario.Kind;
import dev.windlass.testkit.simulation.Scenario.SubmittedJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Throws scenarios. All of one is thrown, and what is to be left out is left out afterwards; so the
 * rest stays as it is.
 */
final class ScenarioDice {

  /** The cluster that scenarios have besides the default one, and its nodes. */
  static final String CLUSTER = "farm";

  static final int CLUSTER_NODES = 3;
  private static final long GIB = 1L << 30;
  static final Resources CLUSTER_NODE =
      Resources.cpus(2).withMemory(2 * GIB).withDisk(2 * GIB).withGpus(2);
  static final Resources DEFAULT_NODE =
      Resources.cpus(4).withMemory(4 * GIB).withDisk(3 * GIB).withGpus(3);

  /** A named resource of the cluster. */
  private static final String SITE = "site";

  static final Map<String, Integer> CLUSTER_NAMED = Map.of(SITE, 2);

  /** A named resource of the engine; no task needs more than the fewest that there can be. */
  static final String LICENCE = "licence";

  static final int LICENCES = 4;
  static final int FEWER_LICENCES = 2;

  /** The cluster that users make before they submit a job that names it. */
  static final String GRID = "grid";

  static final int GRID_NODES = 3;
  static final Resources GRID_NODE =
      Resources.cpus(2).withMemory(3 * GIB).withDisk(2 * GIB).withGpus(2);

  private static final List<Kind> OF_THE_GRID =
      List.copyOf(EnumSet.range(Kind.NODES_SET, Kind.NODE_LOST));

  private static final List<Kind> OF_MANAGERS =
      List.copyOf(EnumSet.range(Kind.PAUSE, Kind.STOP_ALL));

  /** The name of what is secret. */
  static final String SECRET = "vault/sesame";

  /** Machine sizes that tasks ask for by name. */
  static final InstanceTypes TYPES =
      InstanceTypes.none()
          .with("sim.small", Resources.cpus(1).withMemory(GIB))
          .with("sim.large", Resources.cpus(2).withMemory(2 * GIB));

  private static final Duration MOST_DISTURBED = Duration.ofSeconds(30);

  /** More than some nodes offer. */
  private static final MemoryRetry MORE_MEMORY = new MemoryRetry(2, 100, 3 * GIB);

  private final Random random;

  /** For what came later: what was thrown before stays as it was. */
  private final Random more;

  /** For the cluster that users make, in scenarios that have one. */
  private final Random grid;

  private final boolean hasGrid;

  /** For disk, devices and named resources, which only some scenarios have. */
  private final Random rare;

  private final boolean isRich;

  /** For instance types: again what was thrown before stays as it was. */
  private final Random types;

  /** Most scenarios have none, and are what they were before there were any. */
  private final boolean hasTypes;

  /** For what came later still: shards and final tasks. */
  private final Random later;

  /** Only odd seeds have those, so that the even ones stay worlds that are known. */
  private final boolean hasLater;

  /** For what users do beyond stops, restarts and deletions. */
  private final Random managed;

  /** Few scenarios have that; the others are what they were before. */
  private final boolean isManaged;

  /** For tasks that are given what is secret. */
  private final Random secretive;

  private final boolean hasSecrets;

  private final long seed;
  private final Set<Integer> without;
  private final Kind[] kinds;
  private int numbers;

  private ScenarioDice(long seed, Set<Integer> without) {
    this.seed = seed;
    this.random = new Random(seed);
    this.more = new Random(~seed);
    this.grid = new Random(seed * 31 + 17);
    this.hasGrid = grid.nextInt(3) == 0;
    this.rare = new Random(seed * 31 + 7);
    this.isRich = rare.nextInt(3) == 0;
    this.types = new Random(seed ^ 0x7470);
    this.hasTypes = types.nextInt(3) == 0;
    this.later = new Random(Long.rotateLeft(seed, 32) + 1);
    this.hasLater = seed % 2 != 0;
    this.managed = new Random(seed * 31 + 5);
    this.isManaged = seed % 11 == 0;
    this.secretive = new Random(seed * 31 + 3);
    this.hasSecrets = seed % 5 == 2;
    this.without = without;
    this.kinds = someKinds();
  }

  /**
   * Throws one.
   *
   * @param without numbers of what is left out
   */
  static Scenario roll(long seed, Set<Integer> without) {
    return new ScenarioDice(seed, without).roll();
  }

  /**
   * Not every run meets every kind of disturbance: some faults hide others, and some show only
   * where nothing else goes wrong.
   */
  private Kind[] someKinds() {
    List<Kind> some = new ArrayList<>();
    for (Kind kind : EnumSet.range(Kind.HOST_KILLED, Kind.CLOSE)) {
      if (random.nextInt(3) == 0) {
        some.add(kind);
      }
    }
    return some.toArray(new Kind[0]);
  }

  private Scenario roll() {
    List<SubmittedJob> jobs = new ArrayList<>();
    int jobCount = 1 + random.nextInt(4);
    for (int i = 0; i < jobCount; i++) {
      int number = ++numbers;
      Duration at = upTo(Duration.ofSeconds(5));
      List<Integer> tasks = new ArrayList<>();
      JobDescription job = job("job" + i, tasks);
      if (isIn(number)) {
        jobs.add(new SubmittedJob(number, List.copyOf(tasks), at, job));
      }
    }
    return new Scenario(seed, jobs, disturbances(jobCount), MOST_DISTURBED);
  }

  private List<Disturbance> disturbances(int jobCount) {
    List<Disturbance> disturbances = new ArrayList<>();
    int count = kinds.length == 0 ? 0 : random.nextInt(10);
    for (int i = 0; i < count; i++) {
      Disturbance one =
          new Disturbance(
              ++numbers,
              upTo(MOST_DISTURBED),
              kinds[random.nextInt(kinds.length)],
              upTo(Duration.ofSeconds(5)),
              random.nextInt(jobCount));
      if (isIn(one.number())) {
        disturbances.add(one);
      }
    }
    int changes = isRich ? rare.nextInt(5) : 0;
    for (int i = 0; i < changes; i++) {
      Duration at = Duration.ofNanos((long) (rare.nextDouble() * MOST_DISTURBED.toNanos()));
      Kind kind = rare.nextBoolean() ? Kind.FEWER_LICENCES : Kind.MORE_LICENCES;
      Disturbance one = new Disturbance(++numbers, at, kind, Duration.ZERO, 0);
      if (isIn(one.number())) {
        disturbances.add(one);
      }
    }
    disturbances.addAll(disturbancesOfTheGrid());
    disturbances.addAll(disturbancesOfManagers(jobCount));
    for (int releases = hasTypes ? types.nextInt(3) : 0; releases > 0; releases--) {
      Duration at = Duration.ofMillis(types.nextInt((int) MOST_DISTURBED.toMillis()));
      Disturbance one =
          new Disturbance(++numbers, at, Kind.RELEASE, Duration.ZERO, types.nextInt(jobCount));
      if (isIn(one.number())) {
        disturbances.add(one);
      }
    }
    return disturbances;
  }

  private List<Disturbance> disturbancesOfTheGrid() {
    List<Disturbance> disturbances = new ArrayList<>();
    int count = hasGrid ? grid.nextInt(8) : 0;
    for (int i = 0; i < count; i++) {
      long at = (long) (grid.nextDouble() * MOST_DISTURBED.toNanos());
      Kind kind = OF_THE_GRID.get(grid.nextInt(OF_THE_GRID.size()));
      Disturbance one = new Disturbance(++numbers, Duration.ofNanos(at), kind, Duration.ZERO, 0);
      if (isIn(one.number())) {
        disturbances.add(one);
      }
    }
    return disturbances;
  }

  private List<Disturbance> disturbancesOfManagers(int jobCount) {
    List<Disturbance> disturbances = new ArrayList<>();
    for (int count = isManaged ? 2 + managed.nextInt(8) : 0; count > 0; count--) {
      Duration at = Duration.ofMillis(managed.nextInt((int) MOST_DISTURBED.toMillis()));
      Kind kind = OF_MANAGERS.get(managed.nextInt(OF_MANAGERS.size()));
      Disturbance one =
          new Disturbance(++numbers, at, kind, Duration.ZERO, managed.nextInt(jobCount));
      if (isIn(one.number())) {
        disturbances.add(one);
      }
    }
    return disturbances;
  }

  private boolean isIn(int number) {
    return !without.contains(number);
  }

  private Duration upTo(Duration longest) {
    return Duration.ofNanos((long) (random.nextDouble() * longest.toNanos()));
  }

  // ---- jobs ----

  private JobDescription job(String name, List<Integer> numbersOfTasks) {
    JobDescription.Builder job =
        JobDescription.builder(name)
            .priority(random.nextInt(3))
            .failOnInstanceFail(random.nextInt(3) > 0)
            .autoRelease(random.nextInt(6) == 0);
    if (more.nextInt(3) == 0) {
      job.owner("owner").weight(1 + more.nextInt(3));
    }
    if (more.nextInt(4) == 0) {
      job.maxRunning(1 + more.nextInt(4));
    }
    if (more.nextInt(4) == 0 && job.build().onFailure() != FailurePolicy.GO_ON) {
      job.onFailure(FailurePolicy.FINISH_RUNNING);
    }
    boolean goesOn = job.build().onFailure() == FailurePolicy.GO_ON;
    int tasks = 1 + random.nextInt(5);
    boolean alike = hasLater && later.nextInt(3) == 0;
    int instances = 1 + later.nextInt(8);
    Set<Integer> in = new HashSet<>();
    for (int i = 0; i < tasks; i++) {
      int number = ++numbers;
      List<Integer> before = predecessors(i);
      TaskDescription.Builder task = task(name, i);
      if (alike) {
        task.instances(instances);
      }
      if (isIn(number) || (in.isEmpty() && i == tasks - 1)) {
        in.add(i);
        numbersOfTasks.add(number);
        before.stream()
            .filter(in::contains)
            .forEach(p -> task.input(folder(name, "t" + p), "in/t" + p + "/"));
        before.stream()
            .filter(in::contains)
            .forEach(p -> condition(goesOn).ifPresent(c -> task.condition("t" + p, c)));
        before.stream()
            .filter(in::contains)
            .forEach(p -> perInstance("t" + p, task, job.build()).ifPresent(task::perInstance));
        job.task("t" + i, task.build());
        int successor = i;
        before.stream().filter(in::contains).forEach(p -> job.dependency("t" + p, "t" + successor));
      }
    }
    if (hasLater && later.nextInt(4) == 0) {
      TaskDescription.Builder last = TaskDescription.builder(Command.of("program", "20"));
      last.instances(1 + later.nextInt(2)).timeout(Duration.ofSeconds(30));
      job.task("last", last.retry(RetryPolicy.retries(later.nextInt(3))).build()).finalTask("last");
    }
    return job.build();
  }

  /** The task before, if it is to be waited for by the indexes of instances. */
  private Optional<String> perInstance(
      String before, TaskDescription.Builder task, JobDescription job) {
    TaskDescription first = Objects.requireNonNull(job.tasks().get(new TaskName(before)));
    TaskDescription second = task.build();
    boolean can =
        first.instanceCount() == second.instanceCount()
            && !second.conditions().containsKey(new TaskName(before));
    return Optional.of(before).filter(any -> hasLater && later.nextInt(4) > 0 && can);
  }

  private List<Integer> predecessors(int task) {
    List<Integer> before = new ArrayList<>();
    for (int i = 0; i < task; i++) {
      if (random.nextInt(3) == 0) {
        before.add(i);
      }
    }
    return before;
  }

  private TaskDescription.Builder task(String job, int number) {
    int failures = random.nextBoolean() ? 0 : random.nextInt(40);
    TaskDescription.Builder task =
        TaskDescription.builder(Command.of("program", Integer.toString(failures)))
            .instances(1 + random.nextInt(8))
            .timeout(Duration.ofSeconds(2 + random.nextInt(30)));
    RetryPolicy retries = retries();
    Resources request = Resources.cpus(1 + random.nextInt(2));
    if (more.nextInt(3) == 0) {
      request = request.withMemory(GIB);
      retries = retries.withMemory(MORE_MEMORY);
    }
    task.retry(retries);
    if (more.nextInt(4) == 0) {
      task.maxRunning(1 + more.nextInt(3));
    }
    if (more.nextInt(4) == 0) {
      task.tolerance(new Tolerance(more.nextInt(3), more.nextInt(60)));
    }
    boolean onCluster = random.nextInt(3) == 0;
    boolean onGrid = hasGrid && grid.nextInt(3) == 0;
    boolean hasType = !onCluster && hasTypes && types.nextInt(2) == 0 && !onGrid;
    if (onGrid) {
      task.placement(new Placement.OnCluster(new ClusterName(GRID)));
    } else if (onCluster) {
      task.placement(new Placement.OnCluster(new ClusterName(CLUSTER)));
    } else if (hasType) {
      task.placement(autoCluster());
    }
    if (!hasType) {
      task.resources(isRich ? enrich(request, onCluster && !onGrid) : request);
    }
    if (random.nextBoolean()) {
      task.output("out/", folder(job, "t" + number));
    }
    if (random.nextInt(3) == 0) {
      task.logs("sim://store/logs/" + job + "/", "sim://store/logs/" + job + "/");
    }
    if (hasSecrets && secretive.nextBoolean()) {
      task.secret(RandomPrograms.SECRET_VARIABLE, SECRET);
    }
    return task;
  }

  private Resources enrich(Resources request, boolean onCluster) {
    Map<String, Integer> named = new TreeMap<>();
    if (rare.nextInt(3) == 0) {
      named.put(LICENCE, 1 + rare.nextInt(FEWER_LICENCES));
    }
    if (onCluster && rare.nextBoolean()) {
      named.put(SITE, 1 + rare.nextInt(2));
    }
    return request
        .withDisk(rare.nextInt(3) == 0 ? GIB : 0)
        .withGpus(rare.nextInt(3))
        .withNamed(named);
  }

  private Placement autoCluster() {
    List<String> names = List.copyOf(TYPES.names());
    Placement.AutoCluster auto = Placement.AutoCluster.of(names.get(types.nextInt(names.size())));
    return types.nextInt(3) > 0 ? auto.reservingOnFail() : auto;
  }

  private Optional<Condition> condition(boolean goesOn) {
    return switch (more.nextInt(6)) {
      case 0 -> Optional.of(Condition.SUCCESS);
      case 1 -> Optional.of(Condition.ALWAYS);
      case 2 -> Optional.of(Condition.FAILURE).filter(any -> goesOn);
      default -> Optional.empty();
    };
  }

  private RetryPolicy retries() {
    RetryPolicy retries =
        RetryPolicy.retries(random.nextInt(4))
            .pausing(
                Duration.ofMillis(1 + random.nextInt(500)),
                Duration.ofSeconds(1 + random.nextInt(5)));
    if (!random.nextBoolean()) {
      retries = retries.withRule(RetryRule.failOnExit(7));
    }
    return switch (more.nextInt(6)) {
      case 0 -> retries.withRule(RetryRule.retryOnExit(1, 7).atMost(more.nextInt(3)));
      case 1 -> retries.withRule(RetryRule.failOn(Outcome.Kind.TIMED_OUT, Outcome.Kind.SIGNALLED));
      case 2 -> retries.withRule(RetryRule.retryOn(Outcome.Kind.LOST).atMost(more.nextInt(3)));
      case 3 ->
          retries.withRule(RetryRule.retryOn(Outcome.Kind.OUT_OF_MEMORY).pausing(RetryDelay.USUAL));
      default -> retries;
    };
  }

  /** Where the instances of a task publish. */
  static String folder(String job, String task) {
    return "sim://store/out/" + job + "/" + task + "/";
  }
}
