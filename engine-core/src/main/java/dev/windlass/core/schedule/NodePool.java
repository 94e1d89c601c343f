package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The nodes of one cluster and the rule by which requests are placed on them.
 *
 * <p>Requests come in the order of the ready queue. Each goes to the first node on which it fits.
 * One that fits nowhere at present <em>reserves</em> the node that could take it soonest, so that
 * what comes later in the order cannot take that node from under it: a large request is not starved
 * by small ones. Reservations last for one {@link Pass}; the next pass makes them anew, so a change
 * of order or of capacity needs no bookkeeping.
 */
public final class NodePool {
  private final List<Node> nodes;
  private final Set<String> offeredExecutors = new HashSet<>();

  /**
   * A pool none of whose executors is offered yet.
   *
   * @param nodes in the order in which they are tried
   */
  public NodePool(List<Node> nodes) {
    this.nodes = List.copyOf(nodes);
  }

  /** All nodes in order. */
  public List<Node> nodes() {
    return nodes;
  }

  /** Begins to place on the nodes of an executor; its surviving attempts are known. */
  public void offer(String executor) {
    offeredExecutors.add(executor);
  }

  /** Finds a node by name. */
  public Optional<Node> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /** Says whether some node, were it empty, could take the request. */
  public boolean couldEverFit(Resources request, Predicate<Node> allowed) {
    return nodes.stream().anyMatch(node -> allowed.test(node) && node.capacity().covers(request));
  }

  /** Begins a pass over the ready queue. */
  public Pass pass() {
    return new Pass();
  }

  /** One pass over the ready queue, from the first task to the last. */
  public final class Pass {
    private final List<Node> open = new ArrayList<>();

    private Pass() {
      for (Node node : nodes) {
        if (offeredExecutors.contains(node.executor())) {
          open.add(node);
        }
      }
    }

    /** Says whether nothing can be placed any more in this pass. */
    public boolean isExhausted() {
      return open.isEmpty();
    }

    /**
     * Books a request on the first node that is allowed and where it fits.
     *
     * @return the node, or empty if it fits nowhere at present; a node is then reserved
     */
    public Optional<Node> place(Resources request, Predicate<Node> allowed) {
      for (Node node : open) {
        if (allowed.test(node) && node.fits(request)) {
          node.book(request);
          return Optional.of(node);
        }
      }
      reserve(request, allowed);
      return Optional.empty();
    }

    /** Takes the node that lacks least out of the pass. */
    private void reserve(Resources request, Predicate<Node> allowed) {
      Node best = null;
      long bestLack = Long.MAX_VALUE;
      for (Node node : open) {
        if (allowed.test(node) && node.capacity().covers(request)) {
          long lack =
              Math.max(
                  0, node.booked().cpuMillis() + request.cpuMillis() - node.capacity().cpuMillis());
          if (lack < bestLack) {
            best = node;
            bestLack = lack;
          }
        }
      }
      if (best != null) {
        open.remove(best);
      }
    }
  }
}
