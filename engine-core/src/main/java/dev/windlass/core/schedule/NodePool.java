package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The nodes of one cluster. Requests go to the first node on which they fit. */
public final class NodePool {
  private final List<Node> nodes;
  private final Resources capacity;
  private final Set<String> offeredExecutors = new HashSet<>();

  /**
   * A pool none of whose executors is offered yet.
   *
   * @param nodes in the order in which they are tried
   */
  public NodePool(List<Node> nodes) {
    this.nodes = List.copyOf(nodes);
    this.capacity = nodes.stream().map(Node::capacity).reduce(Resources.NONE, Resources::plus);
  }

  /** All nodes in order. */
  public List<Node> nodes() {
    return nodes;
  }

  /** What all of them offer together. */
  Resources capacity() {
    return capacity;
  }

  /** Begins to place on the nodes of an executor; its surviving attempts are known. */
  public void offer(String executor) {
    offeredExecutors.add(executor);
  }

  /** Says whether some node may have room. */
  boolean hasRoom() {
    return nodes.stream()
        .anyMatch(
            node -> isOffered(node) && node.booked().cpuMillis() < node.capacity().cpuMillis());
  }

  /** The first node on which a request fits, those closed excepted. */
  Optional<Node> firstFit(Resources request, String executor, Set<Node> closed) {
    for (Node node : nodes) {
      if (node.executor().equals(executor)
          && isOffered(node)
          && node.fits(request)
          && !closed.contains(node)) {
        return Optional.of(node);
      }
    }
    return Optional.empty();
  }

  /** The node that lacks least for a request that it could take if it were empty. */
  Optional<Node> leastLacking(Resources request, String executor, Set<Node> closed) {
    Node best = null;
    double bestLack = Double.MAX_VALUE;
    for (Node node : nodes) {
      if (node.executor().equals(executor)
          && isOffered(node)
          && node.capacity().covers(request)
          && !closed.contains(node)) {
        double lack = node.lack(request);
        if (lack < bestLack) {
          best = node;
          bestLack = lack;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private boolean isOffered(Node node) {
    return offeredExecutors.contains(node.executor());
  }
}
