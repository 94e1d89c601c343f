package dev.windlass.core.cluster;

import java.util.List;

/**
 * A cluster as the state store holds it.
 *
 * @param nodes by number
 */
public record StoredCluster(ClusterRecord cluster, List<NodeRecord> nodes) {}
