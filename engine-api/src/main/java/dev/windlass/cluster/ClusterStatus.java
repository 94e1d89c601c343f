package dev.windlass.cluster;

import dev.windlass.job.ClusterName;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a cluster stands, as of the last durable moment.
 *
 * @param description what it is to be; the number of nodes in it is the desired one
 * @param state where it stands
 * @param configured true if it is part of the host's configuration; it is as it is for the life of
 *     that host and none of its nodes can be changed
 * @param created when it was made; empty for one that is configured
 * @param message what was last amiss with its nodes, for people; empty if nothing was
 * @param nodes for each group, in order, how many nodes stand in which state; states in which none
 *     stands are left out
 */
public record ClusterStatus(
    ClusterDescription description,
    ClusterState state,
    boolean configured,
    Optional<Instant> created,
    String message,
    Map<String, Map<NodeState, Integer>> nodes) {

  /** Checks for null and copies. */
  public ClusterStatus {
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(message, "message");
    Map<String, Map<NodeState, Integer>> copy = new LinkedHashMap<>();
    nodes.forEach(
        (group, counts) -> {
          Map<NodeState, Integer> ordered = new EnumMap<>(NodeState.class);
          ordered.putAll(counts);
          copy.put(group, Collections.unmodifiableMap(ordered));
        });
    nodes = Collections.unmodifiableMap(copy);
  }

  /**
   * Its name.
   *
   * @return that of the description
   */
  public ClusterName name() {
    return description.name();
  }

  /**
   * How many nodes of a group there are, in whatever state ({@code ActualVMCount}).
   *
   * @param group name of the group
   * @return 0 if there is no such group
   */
  public int actualNodes(String group) {
    return nodes.getOrDefault(group, Map.of()).values().stream().mapToInt(Integer::intValue).sum();
  }
}
