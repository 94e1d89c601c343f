package dev.windlass.cluster;

import dev.windlass.job.ClusterName;
import dev.windlass.job.Resources;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a node stands, as of the last durable moment.
 *
 * @param cluster its cluster
 * @param group its group
 * @param name unique within the engine, never used again
 * @param executor the executor that runs what is placed on it
 * @param state where it stands
 * @param capacity what it offers; that of its group when it was made
 * @param created when it was made; empty for a node of the host's configuration
 * @param message why it is being deleted, for people; empty where there is nothing to say
 */
public record NodeStatus(
    ClusterName cluster,
    String group,
    String name,
    String executor,
    NodeState state,
    Resources capacity,
    Optional<Instant> created,
    String message) {
  /** Checks for null. */
  public NodeStatus {
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(capacity, "capacity");
    Objects.requireNonNull(created, "created");
    Objects.requireNonNull(message, "message");
  }
}
