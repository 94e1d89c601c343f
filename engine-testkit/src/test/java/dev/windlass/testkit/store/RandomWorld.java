package dev.windlass.testkit.store;

import dev.windlass.JobOperation;
import dev.windlass.Manifest;
import dev.windlass.PublishedObject;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.core.cluster.StoredCluster;
import dev.windlass.core.job.Change;
import dev.windlass.core.job.Core;
import dev.windlass.core.job.Data;
import dev.windlass.core.job.Effect;
import dev.windlass.core.job.Input;
import dev.windlass.core.job.Now;
import dev.windlass.core.job.ReservedRecord;
import dev.windlass.core.job.StoredJob;
import dev.windlass.core.job.TaskPlan;
import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.NodePool;
import dev.windlass.core.store.EventSpan;
import dev.windlass.core.store.StateStore;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The real core in a world made up from a random number generator: what it hands to its stores is
 * what an engine would. Whether the core is right is not asked here.
 *
 * <p>All groups go to all stores; the core's questions go to the first.
 */
final class RandomWorld {
  private static final ClusterName CLUSTER = new ClusterName("default");
  private static final String EXECUTOR = "fake";
  private static final Resources NODE = new Resources(1_500, 1L << 31, 1);

  /** What the executor knows of an attempt until it is released. */
  private static final class Evidence {
    final String node;
    final List<Integer> gpuDevices;
    Optional<Instant> started = Optional.empty();
    Optional<Outcome> ended = Optional.empty();
    boolean cancelled;

    Evidence(String node, List<Integer> gpuDevices) {
      this.node = node;
      this.gpuDevices = gpuDevices;
    }

    Optional<Duration> running() {
      return started.isPresent() && ended.isEmpty() ? Optional.of(Duration.ZERO) : Optional.empty();
    }
  }

  private final Random random;
  private final List<StateStore> stores;
  private final Consumer<List<JobId>> check;
  private final List<JobId> jobs = new ArrayList<>();
  private final Map<AttemptId, Evidence> evidence = new TreeMap<>();
  private final Deque<Core.Turn> uncommitted = new ArrayDeque<>();
  private Core core;
  private long nanos;
  private long requests;

  /**
   * A world without jobs.
   *
   * @param check called whenever the stores have committed a group or were opened anew, with all
   *     jobs that ever were, also those that were deleted
   */
  RandomWorld(Random random, List<StateStore> stores, Consumer<List<JobId>> check) {
    this.random = random;
    this.stores = stores;
    this.check = check;
    core = newCore();
    core.apply(new Input.ExecutorReady(EXECUTOR, List.of()), now());
  }

  private static Core newCore() {
    List<Node> nodes =
        List.of(
            new Node("n0", EXECUTOR, Resources.cpus(3).withGpus(2)),
            new Node("n1", EXECUTOR, Resources.cpus(3).withGpus(1)));
    return new Core(
        Map.of(CLUSTER, new NodePool(nodes)),
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

  /** Lets one thing happen. */
  void step() {
    nanos += random.nextInt(1_000_000);
    int choice = random.nextInt(100);
    if (choice < 4) {
      crash();
    } else if (choice < 7) {
      submit();
    } else if (choice < 10) {
      changeClusters();
    } else if (choice < 20 && !jobs.isEmpty()) {
      interfere();
    } else if (choice < 45 && !uncommitted.isEmpty()) {
      commit(1 + random.nextInt(uncommitted.size()));
    } else if (choice < 55 && core.nextTimerNanos().isPresent()) {
      nanos = Math.max(nanos, core.nextTimerNanos().getAsLong());
    } else {
      advanceAnAttempt();
    }
    endTurn();
  }

  private void submit() {
    commitAll();
    String token = "token" + random.nextInt(3);
    boolean free = stores.get(0).jobOfToken(token).isEmpty();
    long sequence = stores.get(0).lastSequence() + 1 + random.nextInt(2);
    JobId job = new JobId(String.format("job-%032x", sequence));
    jobs.add(job);
    JobDescription description = RandomJobs.next(random);
    Optional<String> given = free && random.nextBoolean() ? Optional.of(token) : Optional.empty();
    core.apply(new Input.Submit(++requests, job, sequence, description, given), now());
    // The next submission must see its sequence and its token.
    endTurn();
    commitAll();
  }

  private void interfere() {
    // Mostly the newest, so that one thing meets the next while it is still under way.
    JobId job = random.nextInt(3) > 0 ? jobs.get(jobs.size() - 1) : any(jobs);
    long request = ++requests;
    core.apply(
        switch (random.nextInt(6)) {
          case 4 -> new Input.AddConsumer(request, consumer());
          case 5 -> new Input.ForgetConsumer(request, consumer());
          case 0 -> new Input.SetNamedResource(request, "licence", random.nextInt(5));
          case 1 -> new Input.ReleaseReserved(request, job, Optional.empty());
          default -> new Input.Operate(request, job, operation(), "reason " + request);
        },
        now());
  }

  private JobOperation operation() {
    return switch (random.nextInt(12)) {
      case 0, 1 -> new JobOperation.Stop();
      case 2 -> new JobOperation.Delete();
      case 3 -> new JobOperation.Pause();
      case 4, 5 -> new JobOperation.Resume();
      case 6 -> new JobOperation.SetPriority(random.nextInt(3));
      case 7 -> new JobOperation.RestartFailed();
      case 8, 9 -> new JobOperation.RestartFrom(new TaskName("t" + (1 + random.nextInt(3))));
      default -> new JobOperation.Restart();
    };
  }

  private void changeClusters() {
    ClusterName name = new ClusterName("c" + random.nextInt(3));
    ClusterDescription description =
        ClusterDescription.builder(name.value())
            .group(new ClusterDescription.Group("g", EXECUTOR, random.nextInt(4), NODE))
            .group(new ClusterDescription.Group("h", EXECUTOR, random.nextInt(2), NODE))
            .environment("LEVEL", Integer.toString(random.nextInt(2)))
            .build();
    String node = name + ".g." + (1 + random.nextInt(4));
    long request = ++requests;
    core.apply(
        switch (random.nextInt(6)) {
          case 0 -> new Input.DeleteCluster(request, name);
          case 1 -> new Input.ChangeCluster(request, description);
          case 2 -> new Input.RemoveNode(request, name, node, Input.RemoveNode.Manner.DRAIN);
          case 3 -> new Input.RemoveNode(request, name, node, Input.RemoveNode.Manner.DELETE);
          default -> new Input.CreateCluster(request, description);
        },
        now());
  }

  private void advanceAnAttempt() {
    List<AttemptId> open = new ArrayList<>();
    evidence.forEach(
        (id, known) -> {
          if (known.ended.isEmpty()) {
            open.add(id);
          }
        });
    if (open.isEmpty()) {
      return;
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
  }

  private Outcome outcome() {
    return switch (random.nextInt(20)) {
      case 0, 1 -> new Outcome.Exited(1);
      case 2 -> new Outcome.Exited(7);
      case 3 -> new Outcome.Lost("");
      case 4 -> new Outcome.Refused("no room here", random.nextBoolean());
      case 5 -> new Outcome.Signalled(11);
      case 6 -> new Outcome.OutOfMemory("oom_kill 1");
      case 7 -> new Outcome.StageInFailed("no such\nobject", random.nextBoolean());
      default -> new Outcome.Exited(0);
    };
  }

  private Usage usage() {
    return new Usage(
        Optional.of(Duration.ofNanos(random.nextInt(1_000_000_000))),
        random.nextBoolean() ? Optional.empty() : Optional.of(Duration.ofMillis(3)),
        random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(random.nextInt()));
  }

  private Data data() {
    PublishedObject object = new PublishedObject("oss://b/o", random.nextInt(100), "v1");
    return random.nextBoolean()
        ? Data.NONE
        : new Data(random.nextInt(100), new Manifest(List.of(object), 3, random.nextInt(1_000)));
  }

  private void tellEnd(AttemptId id, Evidence known) {
    core.apply(
        new Input.AttemptExited(id, now().wall(), known.ended.orElseThrow(), usage()), now());
  }

  /** The host ends, and another takes over. */
  private void crash() {
    uncommitted.clear();
    evidence.entrySet().removeIf(each -> isLost(each.getKey(), each.getValue()));
    stores.forEach(StateStore::reopen);
    check.accept(jobs);
    core = newCore();
    for (StoredCluster cluster : stores.get(0).loadClusters()) {
      core.apply(new Input.ClusterRecovered(cluster), now());
    }
    core.apply(new Input.NamedResourcesRecovered(stores.get(0).namedResources()), now());
    for (ReservedRecord record : stores.get(0).reserved()) {
      core.apply(new Input.ReservedRecovered(record), now());
    }
    for (StoredJob job : stores.get(0).loadNotOver()) {
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
  }

  /** A launch that was on its way to the executor, of which nothing is recorded either. */
  private boolean isLost(AttemptId id, Evidence known) {
    return known.started.isEmpty()
        && known.ended.isEmpty()
        && random.nextBoolean()
        && stores.get(0).attempts(id.instance()).stream().noneMatch(each -> each.id().equals(id));
  }

  private void endTurn() {
    Core.Turn turn = core.endTurn(1 + random.nextInt(5), now());
    if (!turn.changes().isEmpty() || !turn.afterCommit().isEmpty()) {
      uncommitted.add(turn);
    }
    turn.now().forEach(this::carryOut);
  }

  private void commitAll() {
    while (!uncommitted.isEmpty()) {
      commit(uncommitted.size());
    }
  }

  /** Commits the oldest turns as one group. */
  private void commit(int turns) {
    List<Change> changes = new ArrayList<>();
    List<Effect> effects = new ArrayList<>();
    for (int i = 0; i < turns; i++) {
      Core.Turn turn = uncommitted.remove();
      changes.addAll(turn.changes());
      effects.addAll(turn.afterCommit());
    }
    keepJournal(changes);
    stores.forEach(store -> store.commit(changes));
    check.accept(jobs);
    effects.forEach(this::carryOut);
    endTurn();
  }

  /** What is recorded of the journal beside what the core says. */
  private void keepJournal(List<Change> changes) {
    EventSpan span = stores.get(0).eventSpan();
    if (span.count() > 1 && random.nextInt(20) == 0) {
      changes.add(new Change.EventsPurged(span.oldest() + random.nextInt((int) span.count() - 1)));
    }
    if (random.nextInt(10) == 0) {
      changes.add(new Change.ConsumerMoved(consumer(), random.nextInt(1 + (int) span.last())));
    }
  }

  private String consumer() {
    return "consumer" + random.nextInt(3);
  }

  private void carryOut(Effect effect) {
    if (effect instanceof Effect.Launch launch) {
      evidence.put(launch.id(), new Evidence(launch.node(), launch.gpuDevices()));
    } else if (effect instanceof Effect.Cancel cancel) {
      Evidence known = evidence.get(cancel.id());
      if (known != null) {
        known.cancelled = true;
      }
    } else if (effect instanceof Effect.Conclude conclude) {
      Outcome outcome =
          conclude.accepted() && random.nextInt(10) == 0
              ? new Outcome.StageOutFailed("simulated", true)
              : conclude.outcome();
      core.apply(
          new Input.AttemptConcluded(
              conclude.id(), now().wall(), outcome, usage(), conclude.accepted(), data()),
          now());
      endTurn();
    } else if (effect instanceof Effect.Load load) {
      commitAll();
      core.apply(new Input.Loaded(load.job(), stores.get(0).load(load.job()).orElse(null)), now());
      endTurn();
    } else if (effect instanceof Effect.Release release) {
      evidence.remove(release.id());
    } else if (effect instanceof Effect.Feed feed) {
      core.apply(feed.input(), now());
    }
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
