package dev.windlass.core.engine;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterState;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.core.job.Input;
import dev.windlass.core.runtime.EngineLoop;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Resources;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a host asks of clusters: changes go to the loop, questions are answered from the store and
 * from the host's own configuration.
 */
final class ClusterRequests {
  private final StateStore store;

  /** Those of the configuration; empty for a host that only looks. */
  private final Optional<Clusters> configured;

  private final Supplier<EngineLoop> running;
  private final Consumer<ClusterDescription> admission;

  /**
   * Requests of a host.
   *
   * @param running the loop; refuses what it must not be asked
   * @param admission refuses a description that no executor could carry out
   */
  ClusterRequests(
      StateStore store,
      Optional<Clusters> configured,
      Supplier<EngineLoop> running,
      Consumer<ClusterDescription> admission) {
    this.store = store;
    this.configured = configured;
    this.running = running;
    this.admission = admission;
  }

  /**
   * Refuses a configuration that names a cluster as users have named one of theirs.
   *
   * @throws EngineException {@code CONFLICT}
   */
  void checkNames() {
    for (ClusterStatus cluster : store.clusters()) {
      if (configured.isPresent() && configured.get().isConfigured(cluster.name())) {
        throw new EngineException(
            ErrorCode.CONFLICT,
            cluster.name().value(),
            "cluster '"
                + cluster.name()
                + "' is in the host's configuration, and users have made another of that name;"
                + " open the engine without it and delete that one first");
      }
    }
  }

  // ---- changes ----

  void create(ClusterDescription cluster) {
    EngineLoop loop = checked(cluster);
    loop.request(number -> new Input.CreateCluster(number, cluster));
  }

  void change(ClusterDescription cluster) {
    EngineLoop loop = checked(cluster);
    loop.request(number -> new Input.ChangeCluster(number, cluster));
  }

  private EngineLoop checked(ClusterDescription cluster) {
    Objects.requireNonNull(cluster, "cluster");
    EngineLoop loop = running.get();
    admission.accept(cluster);
    return loop;
  }

  void setNodes(ClusterName cluster, String group, int nodes) {
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(group, "group");
    new ClusterDescription.Group("any", "any", nodes, Resources.NONE); // checks the range
    running.get().request(number -> new Input.SetNodes(number, cluster, group, nodes));
  }

  void delete(ClusterName cluster) {
    Objects.requireNonNull(cluster, "cluster");
    running.get().request(number -> new Input.DeleteCluster(number, cluster));
  }

  void removeNode(ClusterName cluster, String node, Input.RemoveNode.Manner manner) {
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(node, "node");
    running.get().request(number -> new Input.RemoveNode(number, cluster, node, manner));
  }

  // ---- questions ----

  ClusterStatus status(ClusterName cluster) {
    return ofConfiguration().stream()
        .filter(status -> status.name().equals(cluster))
        .findFirst()
        .or(() -> store.cluster(cluster))
        .orElseThrow(() -> noCluster(cluster));
  }

  List<ClusterStatus> statuses() {
    List<ClusterStatus> all = new ArrayList<>(ofConfiguration());
    all.addAll(store.clusters());
    return List.copyOf(all);
  }

  /** The clusters that take work. */
  List<ClusterName> active() {
    return statuses().stream()
        .filter(cluster -> cluster.state() == ClusterState.ACTIVE)
        .map(ClusterStatus::name)
        .toList();
  }

  private List<ClusterStatus> ofConfiguration() {
    return configured.map(Clusters::statuses).orElse(List.of());
  }

  List<NodeStatus> nodes(ClusterName cluster) {
    ClusterStatus status = status(cluster);
    if (status.configured()) {
      return configured.orElseThrow().nodes(cluster);
    }
    List<String> groups =
        status.description().groups().stream().map(ClusterDescription.Group::name).toList();
    return store.nodes(cluster).stream()
        .sorted(Comparator.comparingInt(node -> rank(groups.indexOf(node.group()))))
        .toList();
  }

  /** What is left of a group that is not wanted any more comes last. */
  private static int rank(int position) {
    return position < 0 ? Integer.MAX_VALUE : position;
  }

  private static EngineException noCluster(ClusterName cluster) {
    return new EngineException(
        ErrorCode.NOT_FOUND, cluster.value(), "there is no cluster '" + cluster + "'");
  }
}
