package dev.windlass.core.job;

import dev.windlass.JobOperation;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.NodePool;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskName;
import dev.windlass.job.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A core whose inputs are kept, so that it can be made again as it stands. What it commits is
 * durable at once.
 */
final class RecordedRun {
  static final String EXECUTOR = "fake";
  static final int ALL = 10_000;

  /** An input, or the end of a turn. */
  private record Step(Optional<Input> input, int limit, Now now) {}

  private final Map<ClusterName, List<Resources>> sizes;
  private final List<Step> steps = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Core.Turn> turns = new ArrayList<>();
  private final Core core;
  private long nanos;
  private long sequence;

  /** What runs, and on which node. */
  final Map<AttemptId, Effect.Launch> running = new LinkedHashMap<>();

  /** What was told to end. */
  final Set<AttemptId> cancelled = new HashSet<>();

  final Map<JobId, JobDescription> jobs = new LinkedHashMap<>();

  RecordedRun(Map<ClusterName, List<Resources>> sizes) {
    this(sizes, "", Resources.NONE);
    apply(new Input.ExecutorReady(EXECUTOR, List.of()));
  }

  /** A node that is larger and of which just as much is taken away is as good as it was. */
  private RecordedRun(Map<ClusterName, List<Resources>> sizes, String larger, Resources by) {
    this.sizes = sizes;
    Map<ClusterName, NodePool> pools = new LinkedHashMap<>();
    sizes.forEach(
        (cluster, each) -> {
          List<Node> ofCluster = new ArrayList<>();
          for (Resources size : each) {
            String name = cluster + "-" + ofCluster.size();
            boolean grows = name.equals(larger);
            Node node = new Node(name, EXECUTOR, grows ? size.plus(by) : size);
            if (grows) {
              node.adopt(by, List.of());
            }
            ofCluster.add(node);
          }
          nodes.addAll(ofCluster);
          pools.put(cluster, new NodePool(ofCluster, Map.of("licence", 3)));
        });
    core =
        new Core(
            pools,
            (job, name, task, made) ->
                Optional.of(
                    new TaskPlan(
                        job,
                        name,
                        task,
                        cluster(task.executor().orElse(EXECUTOR)),
                        EXECUTOR,
                        TaskPlan.requestOf(task, InstanceTypes.builtIn()),
                        Map.of())),
            any -> false,
            Duration.ofSeconds(1));
  }

  /** The tests name the second cluster where a description names an executor. */
  private ClusterName cluster(String named) {
    return sizes.keySet().stream()
        .filter(cluster -> cluster.value().equals(named))
        .findFirst()
        .orElseGet(() -> sizes.keySet().iterator().next());
  }

  Explainer explainer() {
    return core.explainer();
  }

  List<Node> nodes() {
    return nodes;
  }

  Now now() {
    return new Now(Instant.EPOCH.plusNanos(nanos), nanos);
  }

  // ---- what happens ----

  JobId submit(JobDescription description) {
    sequence++;
    JobId job = new JobId(String.format("job-%032x", sequence));
    jobs.put(job, description);
    apply(new Input.Submit(sequence, job, sequence, description, Optional.empty()));
    return job;
  }

  void apply(Input input) {
    take(new Step(Optional.of(input), 0, now()));
  }

  void end(AttemptId attempt, Outcome outcome) {
    apply(new Input.AttemptExited(attempt, now().wall(), outcome, Usage.unknown()));
  }

  /** Ends a turn; what follows once it is durable waits in the next. */
  Core.Turn endTurn(int limit) {
    return take(new Step(Optional.empty(), limit, now()));
  }

  /** Ends turns until nothing follows any more. */
  void settle(int limit) {
    while (!endTurn(limit).isEmpty()) {}
  }

  private Core.Turn take(Step step) {
    steps.add(step);
    nanos = step.now().nanos();
    if (step.input().isPresent()) {
      if (step.input().get() instanceof Input.AttemptExited exited) {
        running.remove(exited.id());
      }
      core.apply(step.input().get(), step.now());
      return new Core.Turn(List.of(), List.of(), List.of());
    }
    Core.Turn turn = core.endTurn(step.limit(), step.now());
    turns.add(turn);
    for (Effect effect : turn.now()) {
      if (effect instanceof Effect.Launch launch) {
        running.put(launch.id(), launch);
      }
    }
    noteCancelled(turn.now());
    noteCancelled(turn.afterCommit());
    for (Effect effect : turn.afterCommit()) {
      if (effect instanceof Effect.Feed feed) {
        core.apply(feed.input(), step.now());
      }
    }
    return turn;
  }

  private void noteCancelled(List<Effect> effects) {
    for (Effect effect : effects) {
      if (effect instanceof Effect.Cancel cancel) {
        cancelled.add(cancel.id());
      }
    }
  }

  void passUntil(long until) {
    nanos = Math.max(nanos, until);
  }

  /** Time goes on to the next timer; false if there is none. */
  boolean passToTimer() {
    core.nextTimerNanos().ifPresent(this::passUntil);
    return core.nextTimerNanos().isPresent();
  }

  // ---- once more ----

  /** The same run again, in a core of its own that nobody has asked anything. */
  RecordedRun again() {
    return replay("", Resources.NONE);
  }

  /** The same inputs lead to the same turns, also if nobody asks anything meanwhile. */
  void checkThatAskingChangedNothing() {
    if (!again().turns.equals(turns)) {
      throw new AssertionError("the same inputs led to other turns");
    }
  }

  /**
   * The same run again on a node that is larger, but not yet; empty if it went another way because
   * the cluster is larger.
   */
  Optional<RecordedRun> again(String larger, Resources by) {
    RecordedRun again = replay(larger, by);
    return again.turns.equals(turns) && again.picture().equals(picture())
        ? Optional.of(again)
        : Optional.empty();
  }

  private RecordedRun replay(String larger, Resources by) {
    RecordedRun again = new RecordedRun(sizes, larger, by);
    again.sequence = sequence;
    again.jobs.putAll(jobs);
    steps.forEach(again::take);
    again.nanos = nanos;
    return again;
  }

  /** All that is told of it and what nodes keep for whom, except how large they are. */
  private String picture() {
    StringBuilder picture = new StringBuilder();
    jobs.keySet()
        .forEach(job -> explainer().job(job).ifPresent(told -> picture.append(told).append('\n')));
    nodes.forEach(node -> picture.append(node.toString().replaceAll("\\(.* booked\\)", "")));
    return picture.toString().replaceAll("capacity=\\d+", "");
  }

  /** The node grows after all. */
  void grow(String node, Resources by) {
    nodes.stream()
        .filter(each -> each.name().equals(node))
        .forEach(each -> each.free(by, List.of()));
    apply(new Input.ExecutorReady(EXECUTOR, List.of())); // there may be room
  }

  void setPriority(JobId job, int priority) {
    operate(job, new JobOperation.SetPriority(priority));
  }

  void operate(JobId job, JobOperation operation) {
    apply(new Input.Operate(0, job, operation, ""));
  }

  void setNamedResource(String name, int total) {
    apply(new Input.SetNamedResource(0, name, total));
  }

  void setMaxRunning(JobId job, Optional<TaskName> task, int most) {
    apply(new Input.SetMaxRunning(0, job, task, OptionalInt.of(most)));
  }

  /** Says whether the next turn lets an instance of a task begin. */
  boolean begins(JobId job, TaskName task) {
    return endTurn(ALL).now().stream()
        .anyMatch(
            effect ->
                effect instanceof Effect.Launch launch
                    && launch.id().job().equals(job)
                    && launch.id().instance().task().equals(task));
  }
}
