package dev.windlass.core.cluster;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterState;
import dev.windlass.job.ClusterName;
import java.time.Instant;

/**
 * What the state store keeps of a cluster.
 *
 * @param description what it is to be
 * @param sequence orders clusters as they were made; unique among those that are there
 * @param message what was last amiss with its nodes, for people; empty if nothing was
 * @param lastNode the highest number that a node of it ever had; 0 if it had none
 */
public record ClusterRecord(
    ClusterDescription description,
    long sequence,
    ClusterState state,
    String message,
    Instant created,
    int lastNode) {

  /** Its name. */
  public ClusterName name() {
    return description.name();
  }
}
