package dev.windlass.testkit.store;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.NodeState;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.core.cluster.ClusterRecord;
import dev.windlass.core.cluster.NodeRecord;
import dev.windlass.core.cluster.StoredCluster;
import dev.windlass.core.job.Change;
import dev.windlass.job.ClusterName;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The rows of clusters and nodes, and the answers they give. */
final class ClusterRows {
  private final Map<ClusterName, ClusterRecord> clusters = new TreeMap<>();
  private final Map<ClusterName, NavigableMap<Integer, NodeRecord>> nodes = new TreeMap<>();

  /** Carries out a change of a cluster or node; false if it is another. */
  boolean apply(Change change) {
    if (change instanceof Change.ClusterChanged changed) {
      ClusterRecord given = changed.record();
      clusters.put(
          given.name(),
          new ClusterRecord(
              given.description(),
              given.sequence(),
              given.state(),
              given.message(),
              stored(given.created()),
              given.lastNode()));
    } else if (change instanceof Change.NodeChanged changed) {
      NodeRecord given = changed.record();
      row(given.cluster())
          .put(
              given.number(),
              new NodeRecord(
                  given.cluster(),
                  given.group(),
                  given.number(),
                  given.executor(),
                  given.state(),
                  given.capacity(),
                  stored(given.created()),
                  given.message()));
    } else if (change instanceof Change.NodeRemoved removed) {
      if (row(removed.cluster()).remove(removed.number()) == null) {
        throw new AssertionError("there is no such node: " + removed);
      }
    } else if (change instanceof Change.ClusterRemoved removed) {
      if (clusters.remove(removed.cluster()) == null || !row(removed.cluster()).isEmpty()) {
        throw new AssertionError("not there, or not empty: " + removed);
      }
    } else {
      return false;
    }
    return true;
  }

  private static Instant stored(Instant time) {
    return SimulatedTables.stored(Optional.of(time)).orElseThrow();
  }

  private NavigableMap<Integer, NodeRecord> row(ClusterName cluster) {
    return nodes.computeIfAbsent(cluster, any -> new TreeMap<>());
  }

  private Stream<ClusterRecord> inOrder() {
    return clusters.values().stream().sorted(Comparator.comparingLong(ClusterRecord::sequence));
  }

  List<StoredCluster> stored() {
    return inOrder()
        .map(record -> new StoredCluster(record, List.copyOf(row(record.name()).values())))
        .toList();
  }

  List<ClusterStatus> statuses() {
    return inOrder().map(this::status).toList();
  }

  Optional<ClusterStatus> status(ClusterName cluster) {
    return Optional.ofNullable(clusters.get(cluster)).map(this::status);
  }

  private ClusterStatus status(ClusterRecord record) {
    Map<String, Map<NodeState, Integer>> counts = new LinkedHashMap<>();
    for (ClusterDescription.Group group : record.description().groups()) {
      counts.put(group.name(), new EnumMap<>(NodeState.class));
    }
    row(record.name()).values().stream()
        .sorted(Comparator.comparing(NodeRecord::group))
        .forEach(
            node ->
                counts
                    .computeIfAbsent(node.group(), any -> new EnumMap<>(NodeState.class))
                    .merge(node.state(), 1, Integer::sum));
    return new ClusterStatus(
        record.description(),
        record.state(),
        false,
        Optional.of(record.created()),
        record.message(),
        counts);
  }

  List<NodeStatus> nodes(ClusterName cluster) {
    return row(cluster).values().stream()
        .map(
            node ->
                new NodeStatus(
                    cluster,
                    node.group(),
                    node.name(),
                    node.executor(),
                    node.state(),
                    node.capacity(),
                    Optional.of(node.created()),
                    node.message()))
        .toList();
  }
}
