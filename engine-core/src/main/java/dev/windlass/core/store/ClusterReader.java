package dev.windlass.core.store;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterState;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.NodeState;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.core.cluster.ClusterRecord;
import dev.windlass.core.cluster.NodeRecord;
import dev.windlass.core.cluster.StoredCluster;
import dev.windlass.core.description.ClusterJson;
import dev.windlass.job.ClusterName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads clusters and nodes, for the core and for users. */
final class ClusterReader {

  private static final String CLUSTERS = "SELECT * FROM cluster";
  private static final String NODES = "SELECT * FROM node WHERE cluster = ? ORDER BY number";

  private final SqliteReader reader;

  ClusterReader(SqliteReader reader) {
    this.reader = reader;
  }

  List<StoredCluster> load() throws SQLException {
    List<StoredCluster> clusters = new ArrayList<>();
    for (ClusterRecord record : records()) {
      clusters.add(new StoredCluster(record, nodes(record)));
    }
    return clusters;
  }

  Optional<ClusterStatus> cluster(ClusterName name) throws SQLException {
    Optional<ClusterRecord> found =
        reader.first(CLUSTERS + " WHERE name = ?", ClusterReader::clusterRecord, name.value());
    return found.isEmpty() ? Optional.empty() : Optional.of(status(found.get()));
  }

  List<ClusterStatus> clusters() throws SQLException {
    List<ClusterStatus> clusters = new ArrayList<>();
    for (ClusterRecord record : records()) {
      clusters.add(status(record));
    }
    return clusters;
  }

  List<NodeStatus> nodes(ClusterName cluster) throws SQLException {
    return reader.all(
        NODES,
        row -> {
          NodeRecord node = nodeRecord(row);
          return new NodeStatus(
              cluster,
              node.group(),
              node.name(),
              node.executor(),
              node.state(),
              node.capacity(),
              Optional.of(node.created()),
              node.message());
        },
        cluster.value());
  }

  private List<ClusterRecord> records() throws SQLException {
    return reader.all(CLUSTERS + " ORDER BY seq", ClusterReader::clusterRecord);
  }

  private List<NodeRecord> nodes(ClusterRecord cluster) throws SQLException {
    return reader.all(NODES, ClusterReader::nodeRecord, cluster.name().value());
  }

  private ClusterStatus status(ClusterRecord record) throws SQLException {
    Map<String, Map<NodeState, Integer>> counts = new LinkedHashMap<>();
    for (ClusterDescription.Group group : record.description().groups()) {
      counts.put(group.name(), new EnumMap<>(NodeState.class));
    }
    reader.all(
        "SELECT node_group, state, count(*) FROM node WHERE cluster = ? GROUP BY 1, 2 ORDER BY 1, 2",
        row ->
            counts
                .computeIfAbsent(row.getString(1), any -> new EnumMap<>(NodeState.class))
                .put(nodeState(row.getString(2)), row.getInt(3)),
        record.name().value());
    return new ClusterStatus(
        record.description(),
        record.state(),
        false,
        Optional.of(record.created()),
        record.message(),
        counts);
  }

  private static ClusterRecord clusterRecord(ResultSet row) throws SQLException {
    return new ClusterRecord(
        ClusterJson.read(row.getString("description"), any -> Optional.empty(), Optional.empty()),
        row.getLong("seq"),
        named(ClusterState.values(), ClusterState::serviceName, row.getString("state")),
        row.getString("message"),
        Columns.time(row, "created").orElseThrow(),
        row.getInt("last_node"));
  }

  private static NodeRecord nodeRecord(ResultSet row) throws SQLException {
    return new NodeRecord(
        new ClusterName(row.getString("cluster")),
        row.getString("node_group"),
        row.getInt("number"),
        row.getString("executor"),
        nodeState(row.getString("state")),
        ClusterJson.readResources(row.getString("capacity")),
        Columns.time(row, "created").orElseThrow(),
        row.getString("message"));
  }

  private static NodeState nodeState(String name) {
    return named(NodeState.values(), NodeState::serviceName, name);
  }

  private static <E> E named(E[] all, Function<E, String> name, String wanted) {
    return Arrays.stream(all)
        .filter(each -> name.apply(each).equals(wanted))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("there is no state " + wanted));
  }
}
