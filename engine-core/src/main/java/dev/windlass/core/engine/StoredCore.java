package dev.windlass.core.engine;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.core.cluster.StoredCluster;
import dev.windlass.core.job.Core;
import dev.windlass.core.job.Effect;
import dev.windlass.core.job.Explainer;
import dev.windlass.core.job.Input;
import dev.windlass.core.job.Now;
import dev.windlass.core.job.ReservedRecord;
import dev.windlass.core.job.StoredJob;
import dev.windlass.core.job.TaskPlan;
import dev.windlass.core.store.StateStore;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A core made from what the store holds, as a recovery makes it, to be asked and thrown away. It
 * takes no turn in which something could be placed, and nothing of it is carried out or stored.
 *
 * <p>What is only in the memory of the engine that may be running elsewhere is not known:
 * reservations, how much of a pause is over, and whether nodes of executors that keep them are up;
 * they are taken to be.
 */
final class StoredCore implements Why.Asker {
  private final StateStore store;
  private final Clusters clusters;

  StoredCore(StateStore store, Clusters clusters) {
    this.store = store;
    this.clusters = clusters;
  }

  @Override
  public <T> T ask(Function<Explainer, T> question) {
    Now now = new Now(Instant.EPOCH, 0);
    Core core = new Core(clusters.pools(), this::plan, any -> false, Duration.ZERO);
    core.apply(new Input.NamedResourcesRecovered(store.namedResources()), now);
    for (StoredCluster cluster : store.loadClusters()) {
      core.apply(new Input.ClusterRecovered(cluster), now);
    }
    for (ReservedRecord record : store.reserved()) {
      core.apply(new Input.ReservedRecovered(record), now);
    }
    for (StoredJob job : store.loadNotOver()) {
      core.apply(new Input.Recovered(job), now);
    }
    for (String executor : clusters.executors()) {
      core.apply(new Input.ExecutorReady(executor, List.of()), now);
    }
    for (Effect effect : core.endTurn(0, now).afterCommit()) {
      // All that it rests on is durable.
      if (effect instanceof Effect.Feed feed) {
        core.apply(feed.input(), now);
      }
    }
    return question.apply(core.explainer(now));
  }

  /** A task whose executor was not given keeps its place, on an executor that is never ready. */
  private Optional<TaskPlan> plan(
      JobId job, TaskName name, TaskDescription task, Optional<ClusterDescription> made) {
    return clusters
        .plan(job, name, task, made)
        .or(
            () ->
                Optional.of(
                    new TaskPlan(
                        job,
                        name,
                        task,
                        Clusters.clusterOf(task),
                        task.executor().orElse(""),
                        clusters.requestOf(task),
                        Map.of())));
  }
}
