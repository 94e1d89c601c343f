package dev.windlass.core.cluster;

import static dev.windlass.cluster.NodeState.DELETED;
import static dev.windlass.cluster.NodeState.DELETING;
import static dev.windlass.cluster.NodeState.DRAINING;
import static dev.windlass.cluster.NodeState.RUNNING;
import static dev.windlass.cluster.NodeState.STARTING;

import dev.windlass.cluster.NodeState;
import dev.windlass.core.state.Transitions;
import java.util.Set;

/** How nodes go from state to state. Nothing else changes the state of one. */
public final class NodeTable {

  /** What happens to a node. */
  public enum NodeEvent {
    /** It is there, and its bootstrap command has ended well. */
    CAME_UP,
    /** It is to take no new work. */
    DRAIN,
    /** It is to go, or its executor has lost it. */
    DELETE,
    /** Nothing runs on it any more, and its executor has nothing left of it. */
    GONE
  }

  static final Transitions<NodeState, NodeEvent> NODE =
      Transitions.named("node", STARTING, NodeEvent.class)
          .on(STARTING, NodeEvent.CAME_UP, RUNNING)
          .on(RUNNING, NodeEvent.DRAIN, DRAINING)
          .onAnyOf(Set.of(STARTING, RUNNING, DRAINING), NodeEvent.DELETE, DELETING)
          .on(DELETING, NodeEvent.GONE, DELETED)
          .endingIn(Set.of(DELETED));

  private NodeTable() {}

  /** The table as a Mermaid diagram. */
  public static String diagram() {
    return NODE.diagram();
  }
}
