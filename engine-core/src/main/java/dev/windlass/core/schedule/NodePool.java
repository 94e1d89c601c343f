package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The nodes of one cluster. Requests go to the first node on which they fit. */
public final class NodePool {
  /** In the order in which they are tried. */
  private final NavigableMap<Long, Node> nodes = new TreeMap<>();

  private final Set<String> offeredExecutors = new HashSet<>();
  private final NamedPool named;
  private @Nullable Resources capacity;

  /**
   * A pool none of whose executors is offered yet.
   *
   * @param nodes in the order in which they are tried
   */
  public NodePool(List<Node> nodes) {
    this(nodes, Map.of());
  }

  /**
   * A pool none of whose executors is offered yet, of a cluster with named resources.
   *
   * @param nodes in the order in which they are tried
   * @param named how many there are of each
   */
  public NodePool(List<Node> nodes, Map<String, Integer> named) {
    this(new NamedPool(named));
    nodes.forEach(node -> add(node, this.nodes.size()));
  }

  private NodePool(NamedPool named) {
    this.named = named;
  }

  /**
   * Adds a node.
   *
   * @param order says before and after which others it is tried; unique in the pool
   */
  public void add(Node node, long order) {
    if (nodes.putIfAbsent(order, node) != null) {
      throw new AssertionError("two nodes at " + order);
    }
    capacity = null;
  }

  /** Takes a node out; nothing is booked on it any more. */
  public void remove(Node node) {
    if (!nodes.values().remove(node)) {
      throw new AssertionError(node + " is not here");
    }
    capacity = null;
  }

  /** All nodes in order. */
  public Collection<Node> nodes() {
    return Collections.unmodifiableCollection(nodes.values());
  }

  /** One of the nodes. */
  public Node node(String name) {
    return nodes.values().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no node " + name));
  }

  /** The claim that this copy of a pool has in the place of one of the original. */
  Claim copyOf(Claim original) {
    return node(original.node().name()).claims().stream()
        .filter(claim -> claim.isCopyOf(original))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no copy of a claim on " + original.node().name()));
  }

  /** The named resources of the cluster. */
  public NamedPool named() {
    return named;
  }

  /** What all of them offer together, as far as it can be named. */
  Resources capacity() {
    Resources known = capacity;
    if (known == null) {
      known = nodes.values().stream().map(Node::capacity).reduce(Resources.NONE, NodePool::sum);
      capacity = known;
    }
    return known;
  }

  /** Tens of thousands of large nodes offer more than one instance may ever ask for. */
  private static Resources sum(Resources all, Resources one) {
    return new Resources(
        Math.min(all.cpuMillis() + one.cpuMillis(), Resources.MAX_CPU_MILLIS),
        Math.min(all.memoryBytes() + one.memoryBytes(), Resources.MAX_MEMORY_BYTES),
        Math.min(all.diskBytes() + one.diskBytes(), Resources.MAX_DISK_BYTES),
        Math.min(all.gpus() + one.gpus(), Resources.MAX_GPUS),
        Map.of());
  }

  /** Begins to place on the nodes of an executor; its surviving attempts are known. */
  public void offer(String executor) {
    offeredExecutors.add(executor);
  }

  /** Says whether some node may have room. */
  boolean hasRoom() {
    return nodes.values().stream()
        .anyMatch(
            node -> isOffered(node) && node.booked().cpuMillis() < node.capacity().cpuMillis());
  }

  /** The first node on which a request fits, also beside what others have claimed. */
  Optional<Node> firstFit(Resources request, String executor, Collection<Claim> claims) {
    for (Node node : nodes.values()) {
      if (node.executor().equals(executor)
          && isOffered(node)
          && node.fits(request)
          && leaveRoom(claims, node, request)) {
        return Optional.of(node);
      }
    }
    return Optional.empty();
  }

  private static boolean leaveRoom(Collection<Claim> claims, Node node, Resources request) {
    for (Claim claim : claims) {
      if (claim.node() == node && !claim.leavesRoomFor(request)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The node that lacks least for a request that it could take if nothing ran on it, also beside
   * what others have claimed.
   */
  Optional<Node> leastLacking(Resources request, String executor, Collection<Claim> claims) {
    Node best = null;
    double bestLack = Double.MAX_VALUE;
    for (Node node : nodes.values()) {
      if (node.executor().equals(executor)
          && isOffered(node)
          && node.covers(request)
          && leaveRoom(claims, node, request)) {
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
    return node.isOpen() && offers(node.executor());
  }

  /** Says whether the surviving attempts of an executor are known. */
  public boolean offers(String executor) {
    return offeredExecutors.contains(executor);
  }

  /**
   * A copy to try something on.
   *
   * @param more what a node offers more in the copy
   * @param same what stands for a task in the copy
   */
  NodePool copy(Function<Node, Resources> more, UnaryOperator<ReadyTask> same) {
    NodePool copy = new NodePool(named.copy(same));
    nodes.forEach((order, node) -> copy.add(node.copy(more.apply(node)), order));
    copy.offeredExecutors.addAll(offeredExecutors);
    return copy;
  }
}
