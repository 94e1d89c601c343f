package dev.windlass.core.cluster;

import dev.windlass.cluster.NodeState;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Resources;
import java.time.Instant;

/**
 * What the state store keeps of a node.
 *
 * @param number unique within its cluster, never used again
 * @param message why it is being deleted, for people; otherwise empty
 */
public record NodeRecord(
    ClusterName cluster,
    String group,
    int number,
    String executor,
    NodeState state,
    Resources capacity,
    Instant created,
    String message) {

  /** Unique within the engine: no name of a cluster or group has a full stop. */
  public String name() {
    return cluster + "." + group + "." + number;
  }
}
