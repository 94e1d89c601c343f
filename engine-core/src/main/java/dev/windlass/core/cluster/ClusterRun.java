package dev.windlass.core.cluster;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterDescription.Group;
import dev.windlass.cluster.ClusterState;
import dev.windlass.cluster.NodeState;
import dev.windlass.core.schedule.NodePool;
import dev.windlass.job.ClusterName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A cluster in memory, with its nodes. How many nodes it lacks or has too many follows from its
 * description; see {@link #lacking} and {@link #surplus}.
 */
public final class ClusterRun {
  private final long sequence;
  private final Instant created;
  private final NavigableMap<Integer, NodeRun> nodes = new TreeMap<>();
  private final Map<String, NodeRun> byName = new HashMap<>();
  private final NodePool pool = new NodePool(List.of());

  private ClusterDescription description;
  private ClusterState state;
  private String message;
  private int lastNode;

  /** A cluster as it is on record, without its nodes. */
  public ClusterRun(ClusterRecord record) {
    this.sequence = record.sequence();
    this.created = record.created();
    this.description = record.description();
    this.state = record.state();
    this.message = record.message();
    this.lastNode = record.lastNode();
    pool.named().setTotals(description.named());
  }

  /** Its name. */
  public ClusterName name() {
    return description.name();
  }

  /** What it is to be. */
  public ClusterDescription description() {
    return description;
  }

  /** Orders clusters as they were made. */
  public long sequence() {
    return sequence;
  }

  /** Where it stands. */
  public ClusterState state() {
    return state;
  }

  /** Its nodes as the scheduler sees them. */
  public NodePool pool() {
    return pool;
  }

  /** It is to be something else. */
  public void change(ClusterDescription other) {
    description = other;
    pool.named().setTotals(other.named());
  }

  /** It takes no work any more. */
  public void delete() {
    state = ClusterState.DELETING;
  }

  /** Something is amiss with its nodes. */
  public void note(String what) {
    message = what;
  }

  /** All its nodes, by number. */
  public Collection<NodeRun> nodes() {
    return nodes.values();
  }

  /** A node by its name. */
  public Optional<NodeRun> node(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Takes up a node that the store holds. */
  public NodeRun restore(NodeRecord record) {
    NodeRun node = new NodeRun(this, record);
    nodes.put(record.number(), node);
    byName.put(node.name(), node);
    pool.add(node.node(), order(record));
    return node;
  }

  /** Group after group, and in a group as they were made. */
  private long order(NodeRecord record) {
    List<String> groups = description.groups().stream().map(Group::name).toList();
    int group = groups.indexOf(record.group());
    return ((group < 0 ? groups.size() : group) * (1L << Integer.SIZE)) + record.number();
  }

  /** Makes a node of a group, which is starting. */
  public NodeRun make(Group group, Instant now) {
    lastNode++;
    return restore(
        new NodeRecord(
            name(),
            group.name(),
            lastNode,
            group.executor(),
            NodeState.STARTING,
            group.perNode(),
            now,
            ""));
  }

  /** A node is gone. */
  public void remove(NodeRun node) {
    nodes.remove(node.number());
    byName.remove(node.name());
    pool.remove(node.node());
  }

  /**
   * How many nodes a group lacks. Those that are leaving count as there until they are gone, so
   * that there are never more than are wanted.
   */
  public int lacking(Group group) {
    long there = nodes.values().stream().filter(node -> node.group().equals(group.name())).count();
    return state == ClusterState.ACTIVE ? (int) Math.max(0, group.nodes() - there) : 0;
  }

  /**
   * The nodes that are too many and have not been asked to go, over all groups: of each group first
   * those that are starting, then those that are idle, then those that were made last.
   */
  public List<NodeRun> surplus() {
    List<NodeRun> surplus = new ArrayList<>();
    nodes.values().stream()
        .map(NodeRun::group)
        .distinct()
        .forEach(
            group -> {
              List<NodeRun> staying =
                  nodes.values().stream()
                      .filter(node -> node.group().equals(group) && !node.isLeaving())
                      .sorted(FIRST_TO_GO)
                      .toList();
              int wanted = description.group(group).map(Group::nodes).orElse(0);
              surplus.addAll(staying.subList(0, Math.max(0, staying.size() - wanted)));
            });
    return surplus;
  }

  private static final Comparator<NodeRun> FIRST_TO_GO =
      Comparator.comparing((NodeRun node) -> node.state() != NodeState.STARTING)
          .thenComparing(node -> !node.isIdle())
          .thenComparing(node -> -node.number());

  /** As the store is to hold it. */
  public ClusterRecord record() {
    return new ClusterRecord(description, sequence, state, message, created, lastNode);
  }
}
