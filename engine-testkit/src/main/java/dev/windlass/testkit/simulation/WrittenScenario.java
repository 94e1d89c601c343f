package dev.windlass.testkit.simulation;

import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Command;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobDescription;
import dev.windlass.job.MemoryRetry;
import dev.windlass.job.Outcome;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.Tolerance;
import dev.windlass.testkit.machine.Course;
import dev.windlass.testkit.simulation.Scenario.Disturbance;
import dev.windlass.testkit.simulation.Scenario.Kind;
import dev.windlass.testkit.simulation.Scenario.SubmittedJob;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A scenario that is written down, not thrown: one job, what its programs do, and what a user does.
 *
 * @param name in a few words
 * @param scenario what is done
 * @param script what becomes of each attempt
 */
record WrittenScenario(String name, Scenario scenario, Function<AttemptId, Course> script) {
  private static final String JOB = "job0";
  private static final Duration CALM = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(40);
  private static final Duration LONG = Duration.ofSeconds(3);
  private static final Duration VERY_LONG = Duration.ofSeconds(50);
  private static final long GIB = 1L << 30;
  private static final RetryPolicy RETRIES =
      RetryPolicy.retries(2)
          .pausing(Duration.ofMillis(300), Duration.ofSeconds(1))
          .withRule(RetryRule.failOnExit(7));

  /** The store fails from the submission of the job on, and the same token is used again. */
  static final List<WrittenScenario> OF_A_FAILING_STORE =
      List.of(
          of(
              "store that fails at a submission",
              chain().build(),
              WrittenScenario::succeeds,
              at(15, Kind.SYNC_FAILS, 700),
              at(300, Kind.SUBMIT_AGAIN)),
          of(
              "slow store that fails at a submission",
              chain().build(),
              WrittenScenario::succeeds,
              at(15, Kind.SYNC_FAILS, 3_000),
              at(15, Kind.DISK_SLOW, 6_000),
              at(2_000, Kind.SUBMIT_AGAIN)),
          of(
              "store that fails under a job that is released by itself",
              chain().autoRelease(true).build(),
              WrittenScenario::succeeds,
              at(15, Kind.SYNC_FAILS, 1_500)),
          of(
              "store that is full at a submission",
              chain().build(),
              WrittenScenario::succeeds,
              at(15, Kind.DISK_FULL, 1_500),
              at(700, Kind.SUBMIT_AGAIN)));

  private static final List<WrittenScenario> OF_A_SOUND_STORE =
      List.of(
          of("chain", chain().build(), WrittenScenario::succeeds),
          of("diamond", diamond().build(), WrittenScenario::succeeds),
          of("fan-out with failures and retries", fanOut().build(), WrittenScenario::failsAtFirst),
          of(
              "stop during a retry",
              fanOut().build(),
              WrittenScenario::failsSlowly,
              at(500, Kind.STOP)),
          of(
              "restart of a failed job",
              diamond().build(),
              WrittenScenario::needsARestart,
              at(1_000, Kind.RESTART)),
          of(
              "deletion of a job that is being stopped",
              chain().build(),
              WrittenScenario::goesOn,
              at(500, Kind.STOP),
              at(700, Kind.DELETE)),
          of(
              "stop of a job that would go on for long",
              chain().build(),
              WrittenScenario::goesOnForLong,
              at(500, Kind.STOP)),
          of(
              "restart of a job that is being stopped",
              chain().build(),
              WrittenScenario::goesOnAtFirst,
              at(500, Kind.STOP),
              at(700, Kind.RESTART)),
          of(
              "job that is released by itself",
              chain().autoRelease(true).build(),
              WrittenScenario::succeeds),
          of(
              "failure of a job that lets finish what runs",
              fanOut().onFailure(FailurePolicy.FINISH_RUNNING).build(),
              WrittenScenario::failsBesideOthers),
          of(
              "pipeline of shards with failures and retries",
              pipeline().build(),
              WrittenScenario::failsInShards),
          of(
              "restart of a pipeline of shards",
              pipeline().onFailure(FailurePolicy.FINISH_RUNNING).build(),
              WrittenScenario::failsAShardAtFirst,
              at(1_500, Kind.RESTART)),
          of(
              "pause of a job that works",
              fanOut().build(),
              WrittenScenario::failsSlowly,
              at(200, Kind.PAUSE),
              at(2_500, Kind.RESUME)),
          of(
              "restart of a finished job from a task on",
              chain().build(),
              WrittenScenario::succeeds,
              at(1_500, Kind.RESTART_FROM)),
          of(
              "restart of a finished pipeline that then leaves a shard out",
              // The second task is the one from which it is restarted.
              pipeline(JobDescription.builder(JOB).task("aside", task("aside", 1))).build(),
              WrittenScenario::failsAShardLater,
              at(1_500, Kind.RESTART_FROM)),
          of(
              "restart of failures that were tolerated",
              pipeline().build(),
              WrittenScenario::failsAShardThatIsTolerated,
              at(1_500, Kind.RESTART_FAILED)),
          of("final task", withFinalTask().build(), WrittenScenario::succeeds),
          of(
              "failure of a job with a final task",
              withFinalTask().build(),
              WrittenScenario::failsBesideOthers),
          of(
              "stop of a job with a final task",
              withFinalTask().build(),
              WrittenScenario::worksLong,
              at(500, Kind.STOP)),
          of(
              "second stop of a job with a final task",
              withFinalTask().build(),
              WrittenScenario::goesOn,
              at(500, Kind.STOP),
              at(4_000, Kind.STOP)),
          of(
              "restart of a job with a final task",
              withFinalTask().onFailure(FailurePolicy.FINISH_RUNNING).build(),
              WrittenScenario::failsAtFirstBesideOthers,
              at(5_000, Kind.RESTART)),
          of(
              "cluster deleted",
              farmed().build(),
              WrittenScenario::worksLong,
              at(500, Kind.CLUSTER_GONE)),
          of(
              "cluster deleted by a user",
              gridded().build(),
              WrittenScenario::worksLong,
              at(700, Kind.GRID_DELETED)),
          of(
              "node deleted while it works",
              gridded().build(),
              WrittenScenario::worksLong,
              at(700, Kind.NODE_DELETED)),
          of(
              "node lost and node replaced",
              gridded().build(),
              WrittenScenario::worksLong,
              at(600, Kind.NODE_LOST),
              at(900, Kind.NODE_RECREATED)),
          of(
              "fewer nodes than work",
              gridded().build(),
              WrittenScenario::worksLong,
              at(600, Kind.NODES_SET),
              at(900, Kind.NODE_DRAINED)),
          of(
              "devices and licences",
              equipped().build(),
              WrittenScenario::worksLong,
              at(15, Kind.DISK_SLOW, 1_500),
              at(50, Kind.FEWER_LICENCES),
              at(1_200, Kind.MORE_LICENCES)),
          of(
              "store that fails under work on devices",
              withDevices().build(),
              WrittenScenario::worksLong,
              at(74, Kind.SYNC_FAILS, 30)),
          of(
              "store that fails before an executor tells what runs",
              diamond().build(),
              WrittenScenario::worksLong,
              at(70, Kind.DISK_SLOW, 100),
              at(1_000, Kind.EXECUTOR_AWAY, 5_000),
              at(1_200, Kind.SYNC_FAILS, 2_000),
              at(1_300, Kind.FEWER_LICENCES),
              at(1_900, Kind.MORE_LICENCES)),
          of(
              "cap and retries changed in the midst",
              fanOut().build(),
              WrittenScenario::failsSlowly,
              at(300, Kind.CAP_LOWERED),
              at(500, Kind.RETRIES_TAKEN)),
          of(
              "failures that keep their capacity",
              kept().build(),
              WrittenScenario::failsAtOnce,
              at(3_000, Kind.RELEASE)),
          of(
              "restart of a job that keeps capacity",
              kept().onFailure(FailurePolicy.STOP_AT_ONCE).build(),
              WrittenScenario::needsARestart,
              at(1_000, Kind.RESTART)),
          of(
              "deletion of a job that keeps capacity",
              kept().onFailure(FailurePolicy.STOP_AT_ONCE).build(),
              WrittenScenario::failsAtOnce,
              at(1_000, Kind.DELETE)),
          of("want of memory", greedy().build(), WrittenScenario::wantsMemory),
          of(
              "disc full in the midst",
              diamond().build(),
              WrittenScenario::succeeds,
              at(100, Kind.DISK_FULL)),
          of(
              "engine closed in the midst",
              fanOut().build(),
              WrittenScenario::failsAtFirst,
              at(150, Kind.CLOSE)));

  static final List<WrittenScenario> ALL =
      Stream.of(OF_A_SOUND_STORE, OF_A_FAILING_STORE).flatMap(List::stream).toList();

  private static WrittenScenario of(
      String name,
      JobDescription job,
      Function<AttemptId, Course> script,
      Disturbance... disturbances) {
    SubmittedJob submitted = new SubmittedJob(1, List.of(), Duration.ofMillis(20), job);
    long seed = Integer.toUnsignedLong(name.hashCode());
    return new WrittenScenario(
        name, new Scenario(seed, List.of(submitted), List.of(disturbances), CALM), script);
  }

  private static Disturbance at(int millis, Kind kind) {
    return at(millis, kind, 700);
  }

  private static Disturbance at(int millis, Kind kind, int length) {
    return new Disturbance(millis, Duration.ofMillis(millis), kind, Duration.ofMillis(length), 0);
  }

  /** The same with things interleaved otherwise. */
  WrittenScenario withSeed(long seed) {
    Scenario other =
        new Scenario(seed, scenario.jobs(), scenario.disturbances(), scenario.calmAt());
    return new WrittenScenario(name, other, script);
  }

  // ---- jobs ----

  private static JobDescription.Builder chain() {
    return JobDescription.builder(JOB)
        .task("first", task("first", 2))
        .task("second", task("second", 1, "first"))
        .task("third", task("third", 2, "second"))
        .dependency("first", "second")
        .dependency("second", "third");
  }

  private static JobDescription.Builder diamond() {
    return JobDescription.builder(JOB)
        .task("split", task("split", 1))
        .task("left", task("left", 2, "split"))
        .task("right", task("right", 1, "split"))
        .task("merge", task("merge", 1, "left", "right"))
        .dependency("split", "left")
        .dependency("split", "right")
        .dependency("left", "merge")
        .dependency("right", "merge");
  }

  private static JobDescription.Builder fanOut() {
    return JobDescription.builder(JOB)
        .task("split", task("split", 1))
        .task("work", task("work", 5, "split"))
        .task("merge", task("merge", 1, "work"))
        .dependency("split", "work")
        .dependency("work", "merge");
  }

  /** Five shards go through two steps each on their own; one may fail. */
  private static JobDescription.Builder pipeline() {
    return pipeline(JobDescription.builder(JOB));
  }

  private static JobDescription.Builder pipeline(JobDescription.Builder job) {
    TaskDescription first = builder("work", 5).tolerance(Tolerance.ofInstances(1)).build();
    return job.task("work", first)
        .task("sort", builder("sort", 5, "work").perInstance("work").build())
        .task("merge", task("merge", 1, "sort"))
        .dependency("work", "sort")
        .dependency("sort", "merge");
  }

  private static JobDescription.Builder withFinalTask() {
    return JobDescription.builder(JOB)
        .task("work", task("work", 5))
        .task("merge", task("merge", 1, "work"))
        .task("cleanup", task("cleanup", 2))
        .dependency("work", "merge")
        .finalTask("cleanup");
  }

  private static TaskDescription task(String name, int instances, String... predecessors) {
    return builder(name, instances, predecessors).build();
  }

  private static TaskDescription.Builder builder(
      String name, int instances, String... predecessors) {
    TaskDescription.Builder task =
        TaskDescription.builder(Command.of("program", "0"))
            .instances(instances)
            .timeout(Duration.ofMinutes(1))
            .retry(RETRIES)
            .resources(Resources.cpus(1))
            .output("out/", ScenarioDice.folder(JOB, name));
    for (String before : predecessors) {
      task.input(ScenarioDice.folder(JOB, before), "in/" + before + "/");
    }
    return task;
  }

  /** A task on a cluster that users make, beside one on the default cluster. */
  private static JobDescription.Builder gridded() {
    TaskDescription onGrid =
        TaskDescription.builder(Command.of("program", "0"))
            .placement(new Placement.OnCluster(new ClusterName(ScenarioDice.GRID)))
            .instances(8)
            .retry(RetryPolicy.retries(0))
            .output("out/", ScenarioDice.folder(JOB, "gridded"))
            .build();
    return JobDescription.builder(JOB).task("work", onGrid).task("beside", task("beside", 2));
  }

  /** Two tasks on a cluster, one of which waits, beside one on the default cluster. */
  private static JobDescription.Builder farmed() {
    Placement farm = new Placement.OnCluster(new ClusterName(ScenarioDice.CLUSTER));
    TaskDescription.Builder onFarm =
        TaskDescription.builder(Command.of("program", "0"))
            .placement(farm)
            .output("out/", ScenarioDice.folder(JOB, "farmed"));
    return JobDescription.builder(JOB)
        .task("work", onFarm.instances(8).build())
        .task("after", onFarm.instances(1).build())
        .task("beside", task("beside", 2))
        .dependency("work", "after");
  }

  /** More than there are devices, and than there are licences. */
  private static JobDescription.Builder equipped() {
    Resources request = Resources.cpus(1).withGpus(1).withNamed(Map.of(ScenarioDice.LICENCE, 1));
    return JobDescription.builder(JOB)
        .task(
            "work",
            TaskDescription.builder(Command.of("program", "0"))
                .instances(7)
                .retry(RETRIES)
                .resources(request)
                .build());
  }

  /** More than there are devices. */
  private static JobDescription.Builder withDevices() {
    return JobDescription.builder(JOB)
        .task(
            "work",
            TaskDescription.builder(Command.of("program", "0"))
                .instances(7)
                .retry(RETRIES)
                .resources(Resources.cpus(1).withGpus(1))
                .build());
  }

  /** Four of six instances fill the node, and those that fail keep half of it. */
  private static JobDescription.Builder kept() {
    return JobDescription.builder(JOB)
        .onFailure(FailurePolicy.GO_ON)
        .task(
            "right",
            TaskDescription.builder(Command.of("program", "0"))
                .instances(2)
                .retry(RETRIES)
                .placement(Placement.AutoCluster.of("sim.small").reservingOnFail())
                .output("out/", ScenarioDice.folder(JOB, "right"))
                .build())
        .task("work", task("work", 6));
  }

  private static JobDescription.Builder greedy() {
    return JobDescription.builder(JOB)
        .task(
            "work",
            TaskDescription.builder(Command.of("program", "0"))
                .instances(5)
                .retry(RETRIES.withMemory(new MemoryRetry(3, 100, 2 * GIB)))
                .resources(Resources.cpus(1).withMemory(GIB))
                .build());
  }

  // ---- scripts ----

  private static Course succeeds(AttemptId id) {
    return Course.of(SHORT, new Outcome.Exited(0));
  }

  /** Some instances fail once or twice, each in its own way. */
  private static Course failsAtFirst(AttemptId id) {
    if (!id.instance().task().value().equals("work") || id.number() > 2) {
      return succeeds(id);
    }
    return switch (id.instance().index() * 10 + id.number()) {
      case 1, 2 -> Course.of(SHORT, new Outcome.Exited(1));
      case 11 -> Course.of(SHORT, new Outcome.Lost("as written"));
      case 21 -> Course.of(SHORT, new Outcome.OutOfMemory("as written"));
      case 31 -> Course.of(SHORT, new Outcome.Signalled(11));
      default -> succeeds(id);
    };
  }

  /** One fails for good while others run and one waits. */
  private static Course failsBesideOthers(AttemptId id) {
    if (!id.instance().task().value().equals("work")) {
      return succeeds(id);
    }
    return id.instance().index() == 0
        ? Course.of(SHORT, new Outcome.Exited(7))
        : Course.of(LONG, new Outcome.Exited(0));
  }

  private static Course failsAtFirstBesideOthers(AttemptId id) {
    return id.number() == 1 ? failsBesideOthers(id) : succeeds(id);
  }

  /** Of the first step one is tried again, one fails for good; of the second one is tried again. */
  private static Course failsInShards(AttemptId id) {
    int index = id.instance().index();
    return switch (id.instance().task().value()) {
      case "work" -> index == 4 ? Course.of(SHORT, new Outcome.Exited(7)) : failsAtFirst(id);
      case "sort" ->
          index == 2 && id.number() == 1 ? Course.of(SHORT, new Outcome.Exited(1)) : succeeds(id);
      default -> succeeds(id);
    };
  }

  /** Two fail for good, one more than is tolerated; restarted, all succeed. */
  private static Course failsAShardAtFirst(AttemptId id) {
    boolean fails = id.instance().task().value().equals("work") && id.instance().index() > 2;
    return fails && id.number() == 1 ? Course.of(SHORT, new Outcome.Exited(7)) : succeeds(id);
  }

  /** One fails for good, as is tolerated; restarted, it succeeds. */
  private static Course failsAShardThatIsTolerated(AttemptId id) {
    boolean fails = id.instance().task().value().equals("work") && id.instance().index() == 1;
    return fails && id.number() == 1 ? Course.of(SHORT, new Outcome.Exited(7)) : succeeds(id);
  }

  /** All succeed; restarted, one fails for good, as is tolerated. */
  private static Course failsAShardLater(AttemptId id) {
    boolean fails = id.instance().task().value().equals("work") && id.instance().index() == 2;
    return fails && id.number() > 1 ? Course.of(SHORT, new Outcome.Exited(7)) : succeeds(id);
  }

  /** One has too little memory at first, and one always. */
  private static Course wantsMemory(AttemptId id) {
    boolean fails = id.instance().index() == 0 ? id.number() == 1 : id.instance().index() == 3;
    return fails ? Course.of(SHORT, new Outcome.OutOfMemory("as written")) : succeeds(id);
  }

  /** Some of the work is done soon, some takes long. */
  private static Course worksLong(AttemptId id) {
    return id.instance().index() % 2 == 0
        ? succeeds(id)
        : new Course(Duration.ZERO, LONG, new Outcome.Exited(0), id.instance().index() != 3);
  }

  /** Some wait to be tried again while others run, of which one does not listen. */
  private static Course failsSlowly(AttemptId id) {
    if (id.instance().task().value().equals("work") && id.instance().index() > 2) {
      return new Course(SHORT, LONG, new Outcome.Exited(0), id.instance().index() == 3);
    }
    return failsAtFirst(id);
  }

  /** All of one task fail for good, soon. */
  private static Course failsAtOnce(AttemptId id) {
    return id.instance().task().value().equals("right")
        ? Course.of(SHORT, new Outcome.Exited(7))
        : succeeds(id);
  }

  /** One instance ends with a code that rules out another attempt; restarted, it succeeds. */
  private static Course needsARestart(AttemptId id) {
    boolean fails = id.instance().task().value().equals("right") && id.number() == 1;
    return fails ? Course.of(SHORT, new Outcome.Exited(7)) : succeeds(id);
  }

  /** Runs long, and does not listen when it is told to end. */
  private static Course goesOn(AttemptId id) {
    return new Course(Duration.ZERO, LONG, new Outcome.Exited(0), false);
  }

  private static Course goesOnAtFirst(AttemptId id) {
    return id.number() == 1 ? goesOn(id) : succeeds(id);
  }

  private static Course goesOnForLong(AttemptId id) {
    return new Course(Duration.ZERO, VERY_LONG, new Outcome.Exited(0), true);
  }

  @Override
  public String toString() {
    return name;
  }
}
