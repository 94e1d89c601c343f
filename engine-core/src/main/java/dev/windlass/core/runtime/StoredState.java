package dev.windlass.core.runtime;

import dev.windlass.core.cluster.StoredCluster;
import dev.windlass.core.job.StoredJob;
import dev.windlass.core.store.StateStore;
import java.util.List;
import java.util.SortedMap;

/**
 * What a core is made from.
 *
 * @param clusters that users have made, in the order in which they were made
 * @param notOver jobs that are not over or are being deleted, in the order of their submission
 * @param namedTotals how many there are of each named resource of the engine
 */
record StoredState(
    List<StoredCluster> clusters, List<StoredJob> notOver, SortedMap<String, Integer> namedTotals) {

  static StoredState of(StateStore store) {
    return new StoredState(store.loadClusters(), store.loadNotOver(), store.namedResources());
  }
}
