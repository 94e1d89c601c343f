package dev.windlass.core.engine;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.core.job.TaskPlan;
import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.NodePool;
import dev.windlass.executor.Executor;
import dev.windlass.job.ClusterName;
import dev.windlass.job.JobId;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configured clusters and executors: which of them a task means, and whether they could ever
 * run it.
 */
final class Clusters {

  private final Map<ClusterName, ClusterDescription> configs = new LinkedHashMap<>();
  private final Map<String, Executor> executors;

  Clusters(Map<String, Executor> executors, List<ClusterDescription> configured) {
    this.executors = executors;
    List<ClusterDescription.Group> groups = new ArrayList<>();
    executors.forEach(
        (name, executor) ->
            groups.add(new ClusterDescription.Group(name, 1, executor.info().capacity())));
    configs.put(
        ClusterDescription.DEFAULT, new ClusterDescription(ClusterDescription.DEFAULT, groups));
    configured.forEach(config -> configs.put(config.name(), config));
  }

  Iterable<ClusterName> names() {
    return configs.keySet();
  }

  boolean has(ClusterName name) {
    return configs.containsKey(name);
  }

  static ClusterName clusterOf(TaskDescription task) {
    return switch (task.placement().kind()) {
      case DEFAULT_CLUSTER, AUTO_CLUSTER -> ClusterDescription.DEFAULT;
      case ON_CLUSTER -> ((Placement.OnCluster) task.placement()).cluster();
    };
  }

  /** The executor a task insists on, or that of the first group of its cluster. */
  Optional<Executor> executorOf(TaskDescription task) {
    ClusterDescription config = configs.get(clusterOf(task));
    if (config == null) {
      return Optional.empty();
    }
    String name = task.executor().orElse(config.groups().get(0).executor());
    return Optional.ofNullable(executors.get(name));
  }

  /** What a task means here; empty if its cluster or executor is not configured. */
  Optional<TaskPlan> plan(JobId job, TaskName name, TaskDescription task) {
    return executorOf(task)
        .map(
            executor ->
                new TaskPlan(
                    job,
                    name,
                    task,
                    clusterOf(task),
                    executor.info().name(),
                    TaskPlan.requestOf(task)));
  }

  /** The sizes of the nodes on which a task could be placed. */
  List<Resources> nodesFor(TaskDescription task) {
    ClusterDescription config = configs.get(clusterOf(task));
    Optional<Executor> executor = executorOf(task);
    if (config == null || executor.isEmpty()) {
      return List.of();
    }
    String name = executor.get().info().name();
    return config.groups().stream()
        .filter(group -> group.executor().equals(name))
        .map(ClusterDescription.Group::perNode)
        .toList();
  }

  /** Empty nodes of all clusters. */
  Map<ClusterName, NodePool> pools() {
    Map<ClusterName, NodePool> pools = new LinkedHashMap<>();
    configs.forEach((name, config) -> pools.put(name, new NodePool(nodes(config))));
    return pools;
  }

  private static List<Node> nodes(ClusterDescription config) {
    List<Node> nodes = new ArrayList<>();
    for (ClusterDescription.Group group : config.groups()) {
      for (int i = 0; i < group.nodes(); i++) {
        String name = config.name() + "-" + group.executor() + "-" + nodes.size();
        nodes.add(new Node(name, group.executor(), group.perNode()));
      }
    }
    return nodes;
  }
}
