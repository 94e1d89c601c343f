package dev.windlass.cluster;

import dev.windlass.job.ClusterName;
import dev.windlass.job.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A cluster made beforehand: a named pool of nodes.
 *
 * @param name by which descriptions name it ({@code ClusterId})
 * @param groups at least one; placement tries their nodes in this order
 */
public record ClusterDescription(ClusterName name, List<Group> groups) {

  /**
   * The cluster of tasks that name none: one node for each executor, this host as each of them sees
   * it. Every engine has it.
   */
  public static final ClusterName DEFAULT = new ClusterName("default");

  /**
   * Nodes of one size on one executor.
   *
   * @param executor name of the executor
   * @param nodes how many, 1 to 65,536
   * @param perNode what each of them offers
   */
  public record Group(String executor, int nodes, Resources perNode) {
    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if there are no nodes or too many
     */
    public Group {
      Objects.requireNonNull(executor, "executor");
      Objects.requireNonNull(perNode, "perNode");
      if (nodes < 1 || nodes > 65_536) {
        throw new IllegalArgumentException("a group has 1 to 65536 nodes, was " + nodes);
      }
    }
  }

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there is no group
   */
  public ClusterDescription {
    Objects.requireNonNull(name, "name");
    groups = List.copyOf(groups);
    if (groups.isEmpty()) {
      throw new IllegalArgumentException("cluster '" + name + "' has no group of nodes");
    }
  }

  /**
   * A cluster of one group.
   *
   * @param name its name
   * @param executor name of the executor
   * @param nodes how many nodes
   * @param perNode what each of them offers
   * @return the cluster
   */
  public static ClusterDescription of(String name, String executor, int nodes, Resources perNode) {
    return new ClusterDescription(
        new ClusterName(name), new ArrayList<>(List.of(new Group(executor, nodes, perNode))));
  }
}
