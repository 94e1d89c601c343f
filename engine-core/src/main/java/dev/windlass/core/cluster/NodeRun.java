package dev.windlass.core.cluster;

import dev.windlass.cluster.NodeState;
import dev.windlass.core.cluster.NodeTable.NodeEvent;
import dev.windlass.core.schedule.Node;

/** A node of a cluster in memory. */
public final class NodeRun {
  private final ClusterRun cluster;
  private final NodeRecord made;
  private final Node node;

  private NodeState state;
  private String message;

  /** Its executor has told that it is there, in this life of the host. */
  private boolean up;

  /** Its executor has told that it is gone. */
  private boolean gone;

  /** Its executor has been asked to end it, and the call has returned. */
  private boolean endAsked;

  /** Attempts that are being ended because the node goes. */
  private int evicted;

  NodeRun(ClusterRun cluster, NodeRecord record) {
    this.cluster = cluster;
    this.made = record;
    this.state = record.state();
    this.message = record.message();
    this.node = new Node(record.name(), record.executor(), record.capacity());
    open();
  }

  /** The cluster that it belongs to. */
  public ClusterRun cluster() {
    return cluster;
  }

  /** What is booked on it. */
  public Node node() {
    return node;
  }

  /** Where it stands. */
  public NodeState state() {
    return state;
  }

  /** Its name. */
  public String name() {
    return node.name();
  }

  /** Its executor's name. */
  public String executor() {
    return made.executor();
  }

  /** Its group's name. */
  public String group() {
    return made.group();
  }

  int number() {
    return made.number();
  }

  /** The only place that changes the state. */
  public void apply(NodeEvent event, String reason) {
    state = NodeTable.NODE.next(state, event);
    message = reason;
    open();
  }

  /** Its executor has told that it is there. */
  public void isUp() {
    up = true;
    open();
  }

  /** Its executor has told that nothing of it is left. */
  public void isGone() {
    gone = true;
    up = false;
    open();
  }

  /** Says whether its executor has told so. */
  public boolean wasGone() {
    return gone;
  }

  /** Its executor has been asked to end it, and keeps no evidence of it any more. */
  public void isEndAsked() {
    endAsked = true;
  }

  /** Says whether its executor has nothing left of it, no evidence either. */
  public boolean isForgotten() {
    return gone && endAsked;
  }

  /** It takes new work only while it runs and is known to be there. */
  private void open() {
    node.setOpen(up && state == NodeState.RUNNING);
  }

  /** An attempt on it is being ended because it goes. */
  public void evicts() {
    evicted++;
  }

  /** An attempt that was being ended is over, and its end is on its way to the store. */
  public void hasEvicted() {
    evicted--;
  }

  /** Says whether nothing that runs, or is being ended, needs it. */
  public boolean isIdle() {
    return node.isIdle() && evicted == 0;
  }

  /** Says whether it has been asked to go. */
  public boolean isLeaving() {
    return state == NodeState.DRAINING || state == NodeState.DELETING || state == NodeState.DELETED;
  }

  /** As the store is to hold it. */
  public NodeRecord record() {
    return new NodeRecord(
        made.cluster(),
        made.group(),
        made.number(),
        made.executor(),
        state,
        made.capacity(),
        made.created(),
        message);
  }
}
