package dev.windlass.core.engine;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterState;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.cluster.NodeState;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.core.job.TaskPlan;
import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.NodePool;
import dev.windlass.executor.Capability;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executors, and the clusters of the host's configuration beside those that users have made:
 * which of them a task means, and whether they could ever run it.
 */
final class Clusters {
  private static final Logger LOG = LoggerFactory.getLogger(Clusters.class);

  private final Map<ClusterName, ClusterDescription> configured = new LinkedHashMap<>();
  private final Map<String, Executor> executors;
  private final Function<ClusterName, Optional<ClusterDescription>> made;
  private final InstanceTypes types;

  /**
   * The clusters of an engine.
   *
   * @param executors by name; the first is that of tasks that name none
   * @param others of the host's configuration, besides the default one
   * @param types what the names of machine sizes mean
   * @param made a cluster that users have made, if it takes work
   */
  Clusters(
      Map<String, Executor> executors,
      List<ClusterDescription> others,
      InstanceTypes types,
      Function<ClusterName, Optional<ClusterDescription>> made) {
    this.executors = executors;
    this.types = types;
    this.made = made;
    ClusterDescription.Builder host =
        ClusterDescription.builder(ClusterDescription.DEFAULT.value());
    executors.forEach(
        (name, executor) ->
            host.group(new ClusterDescription.Group(name, name, 1, executor.info().capacity())));
    if (!executors.isEmpty()) { // there are none where an engine is opened to be looked at
      configured.put(ClusterDescription.DEFAULT, host.build());
    }
    others.forEach(cluster -> configured.put(cluster.name(), cluster));
  }

  /** The names of the executors. */
  Iterable<String> executors() {
    return executors.keySet();
  }

  /** Says whether a cluster is part of the host's configuration. */
  boolean isConfigured(ClusterName name) {
    return configured.containsKey(name);
  }

  static ClusterName clusterOf(TaskDescription task) {
    return switch (task.placement().kind()) {
      case DEFAULT_CLUSTER, AUTO_CLUSTER -> ClusterDescription.DEFAULT;
      case ON_CLUSTER -> ((Placement.OnCluster) task.placement()).cluster();
    };
  }

  /** The cluster that a task means; empty if it is not there. */
  Optional<ClusterDescription> of(TaskDescription task) {
    ClusterName name = clusterOf(task);
    return Optional.ofNullable(configured.get(name)).or(() -> made.apply(name));
  }

  /** The executor a task insists on, or that of the first group of its cluster. */
  Optional<Executor> executorOf(TaskDescription task, ClusterDescription cluster) {
    String name = task.executor().orElse(cluster.groups().get(0).executor());
    return Optional.ofNullable(executors.get(name));
  }

  /** An executor by its name. */
  Optional<Executor> executor(String name) {
    return Optional.ofNullable(executors.get(name));
  }

  /** Says whether an executor makes and keeps nodes. */
  boolean keepsNodes(String executor) {
    return executor(executor).map(each -> each.info().can(Capability.NODES)).orElse(false);
  }

  /**
   * What a task means here; empty if its cluster or executor is not there.
   *
   * @param madeNow the cluster that it names, as the core knows it, if users have made it
   */
  Optional<TaskPlan> plan(
      JobId job, TaskName name, TaskDescription task, Optional<ClusterDescription> madeNow) {
    unknownType(task)
        .ifPresent(
            type ->
                LOG.warn(
                    "there is no instance type {} any more; an instance of task {} of job {} books"
                        + " one processor",
                    type,
                    name,
                    job));
    Optional<ClusterDescription> cluster =
        Optional.ofNullable(configured.get(clusterOf(task))).or(() -> madeNow);
    return cluster
        .flatMap(found -> executorOf(task, found))
        .map(
            executor ->
                new TaskPlan(
                    job,
                    name,
                    task,
                    clusterOf(task),
                    executor.info().name(),
                    requestOf(task),
                    cluster.get().environment()));
  }

  /** What an instance of a task books. */
  Resources requestOf(TaskDescription task) {
    return TaskPlan.requestOf(task, types);
  }

  /** The type by which a task asks for capacity, if this engine does not have it. */
  Optional<String> unknownType(TaskDescription task) {
    // It means nothing where the task says itself what it needs.
    return TaskPlan.instanceType(task)
        .filter(type -> task.resources().isEmpty() && types.find(type).isEmpty());
  }

  /** What the names of machine sizes mean. */
  InstanceTypes types() {
    return types;
  }

  /** The sizes of the nodes of a cluster on which a task could be placed. */
  List<Resources> nodesFor(TaskDescription task, ClusterDescription cluster) {
    Optional<Executor> executor = executorOf(task, cluster);
    return cluster.groups().stream()
        .filter(group -> executor.map(each -> runs(group, each)).orElse(false))
        .map(ClusterDescription.Group::perNode)
        .toList();
  }

  private static boolean runs(ClusterDescription.Group group, Executor executor) {
    return group.executor().equals(executor.info().name());
  }

  /** Empty nodes of the clusters of the host's configuration. */
  Map<ClusterName, NodePool> pools() {
    Map<ClusterName, NodePool> pools = new LinkedHashMap<>();
    configured.forEach(
        (name, cluster) ->
            pools.put(
                name,
                new NodePool(
                    nodes(cluster).stream()
                        .map(node -> new Node(node.name(), node.executor(), node.capacity()))
                        .toList(),
                    cluster.named())));
    return pools;
  }

  /** The nodes of a cluster of the host's configuration. */
  List<NodeStatus> nodes(ClusterName name) {
    return Optional.ofNullable(configured.get(name)).map(Clusters::nodes).orElse(List.of());
  }

  private static List<NodeStatus> nodes(ClusterDescription cluster) {
    List<NodeStatus> nodes = new ArrayList<>();
    for (ClusterDescription.Group group : cluster.groups()) {
      for (int i = 0; i < group.nodes(); i++) {
        nodes.add(
            new NodeStatus(
                cluster.name(),
                group.name(),
                cluster.name() + "-" + group.name() + "-" + nodes.size(),
                group.executor(),
                NodeState.RUNNING,
                group.perNode(),
                Optional.empty(),
                ""));
      }
    }
    return nodes;
  }

  /** Where the clusters of the host's configuration stand. */
  List<ClusterStatus> statuses() {
    return configured.values().stream().map(Clusters::status).toList();
  }

  private static ClusterStatus status(ClusterDescription cluster) {
    Map<String, Map<NodeState, Integer>> nodes =
        cluster.groups().stream()
            .collect(
                Collectors.toMap(
                    ClusterDescription.Group::name,
                    group -> Map.of(NodeState.RUNNING, group.nodes()),
                    (one, other) -> one,
                    LinkedHashMap::new));
    return new ClusterStatus(cluster, ClusterState.ACTIVE, true, Optional.empty(), "", nodes);
  }
}
