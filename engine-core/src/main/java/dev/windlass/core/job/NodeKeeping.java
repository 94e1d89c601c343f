package dev.windlass.core.job;

import dev.windlass.cluster.ClusterDescription.Group;
import dev.windlass.cluster.ClusterState;
import dev.windlass.cluster.NodeState;
import dev.windlass.core.cluster.ClusterRun;
import dev.windlass.core.cluster.NodeRecord;
import dev.windlass.core.cluster.NodeRun;
import dev.windlass.core.cluster.NodeTable.NodeEvent;
import dev.windlass.core.cluster.StoredCluster;
import dev.windlass.core.schedule.Booking;
import dev.windlass.core.schedule.Node;
import dev.windlass.event.Event;
import dev.windlass.executor.NodeReport;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.ClusterName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The clusters that users make, and the life of their nodes: makes nodes where some are lacking,
 * lets go of those that are too many, and sees those that leave to their end.
 *
 * <p>What is to be is in the description of a cluster; what is there is its nodes. {@link #settle}
 * brings the one to the other, at the end of each turn in which something has changed.
 *
 * <p>A node takes work only once it is on record, so that a restart knows every node that an
 * attempt can be found on. It is taken off the record only once every attempt that was ended for it
 * is: a restart in between must see why they ended.
 */
final class NodeKeeping {

  /** The pauses before a node is made after one that did not come up; they double. */
  static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private record GroupKey(ClusterName cluster, String group) {}

  /** Nodes of a group did not come up. */
  private record Pause(int failures, long untilNanos) {}

  private final Output output;
  private final JobsInMemory jobs;
  private final Placer placer;
  private final Completion completion;
  private final Predicate<String> keepsNodes;

  private final Map<ClusterName, ClusterRun> clusters = new TreeMap<>();
  private final Map<String, NodeRun> nodes = new HashMap<>();
  private final Set<ClusterRun> unsettled = new LinkedHashSet<>();
  private final Map<GroupKey, Pause> pauses = new HashMap<>();

  /** The executors that can be asked for nodes. */
  private final Set<String> ready = new HashSet<>();

  /** Nodes whose executors have been asked to end them. */
  private final Set<NodeRun> ending = new HashSet<>();

  private long lastSequence;

  /**
   * No clusters yet.
   *
   * @param keepsNodes says whether an executor makes and keeps nodes
   */
  NodeKeeping(
      Output output,
      JobsInMemory jobs,
      Placer placer,
      Completion completion,
      Predicate<String> keepsNodes) {
    this.output = output;
    this.jobs = jobs;
    this.placer = placer;
    this.completion = completion;
    this.keepsNodes = keepsNodes;
  }

  // ---- which there are ----

  /** A cluster that is there, also one that is being deleted. */
  Optional<ClusterRun> cluster(ClusterName name) {
    return Optional.ofNullable(clusters.get(name));
  }

  /** A cluster that takes work. */
  Optional<ClusterRun> active(ClusterName name) {
    return cluster(name).filter(cluster -> cluster.state() == ClusterState.ACTIVE);
  }

  /** A number for the cluster that is made next. */
  long nextSequence() {
    return lastSequence + 1;
  }

  /** Takes in a cluster. */
  void add(ClusterRun cluster) {
    clusters.put(cluster.name(), cluster);
    lastSequence = Math.max(lastSequence, cluster.sequence());
    placer.add(cluster);
    unsettled.add(cluster);
  }

  /** Takes up a cluster as the store holds it. */
  void recovered(StoredCluster stored) {
    ClusterRun cluster = new ClusterRun(stored.cluster());
    add(cluster);
    placer.changeNodes(
        cluster,
        () -> {
          for (NodeRecord record : stored.nodes()) {
            added(cluster.restore(record));
          }
        });
  }

  private void added(NodeRun node) {
    nodes.put(node.name(), node);
    placer.added(node.node());
  }

  /** The description of a cluster has changed, or a node of it has been asked to go. */
  void changed(ClusterRun cluster) {
    output.changed(cluster);
    unsettled.add(cluster);
  }

  // ---- executors tell ----

  /** An executor can be asked from now on. */
  void executorReady(String executor, Now now) {
    ready.add(executor);
    for (ClusterRun cluster : clusters.values()) {
      for (NodeRun node : List.copyOf(cluster.nodes())) {
        if (node.executor().equals(executor)) {
          start(node, now);
        }
      }
      unsettled.add(cluster);
    }
  }

  /** Nodes are on record now. */
  void durable(List<String> names, Now now) {
    for (String name : names) {
      NodeRun node = nodes.get(name);
      if (node != null && ready.contains(node.executor())) {
        start(node, now);
      }
    }
  }

  private void start(NodeRun node, Now now) {
    if (node.state() == NodeState.DELETING) {
      return;
    }
    if (keepsNodes.test(node.executor())) {
      output.effect(new Effect.StartNode(node.executor(), spec(node)));
    } else {
      cameUp(node, now);
    }
  }

  private static NodeSpec spec(NodeRun node) {
    var cluster = node.cluster().description();
    return new NodeSpec(
        node.name(),
        cluster.name(),
        node.group(),
        node.node().capacity(),
        cluster.environment(),
        cluster.bootstrap(),
        cluster.imageId());
  }

  /** An executor has told something about a node. */
  void reported(NodeReport report, Now now) {
    NodeRun node = nodes.get(report.node());
    if (node == null || node.wasGone()) {
      return;
    }
    switch (report.kind()) {
      case UP -> cameUp(node, now);
      case GONE -> isGone(node, ((NodeReport.Gone) report).reason(), now);
    }
  }

  /** An executor has been asked to end a node. */
  void endAsked(String name) {
    NodeRun node = nodes.get(name);
    if (node != null && node.state() == NodeState.DELETING) {
      node.isEndAsked();
      unsettled.add(node.cluster());
    }
  }

  private void cameUp(NodeRun node, Now now) {
    node.isUp();
    if (node.state() == NodeState.STARTING) {
      pauses.remove(key(node));
      apply(node, NodeEvent.CAME_UP, "", now);
    } else {
      placer.openChanged(node.cluster(), node.node());
    }
  }

  private void isGone(NodeRun node, String reason, Now now) {
    node.isGone();
    if (node.state() == NodeState.DELETING) {
      unsettled.add(node.cluster());
      return;
    }
    boolean cameUp = node.state() != NodeState.STARTING;
    String what = "node " + node.name() + (cameUp ? " was lost: " : " did not come up: ") + reason;
    node.cluster().note(what);
    if (!cameUp) {
      Pause before = pauses.getOrDefault(key(node), new Pause(0, 0));
      Duration pause = pauseAfter(before.failures());
      pauses.put(key(node), new Pause(before.failures() + 1, now.nanos() + pause.toNanos()));
    }
    delete(node, what, now);
  }

  /** How long to wait after so many failures before the last one. */
  static Duration pauseAfter(int failures) {
    Duration pause = FIRST_PAUSE;
    for (int i = 0; i < failures && pause.compareTo(LONGEST_PAUSE) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private static GroupKey key(NodeRun node) {
    return new GroupKey(node.cluster().name(), node.group());
  }

  // ---- nodes that leave ----

  /** A node takes no new work, and goes once it is idle. */
  void drain(NodeRun node, String reason, Now now) {
    if (node.state() == NodeState.STARTING) {
      delete(node, reason, now);
    } else if (node.state() == NodeState.RUNNING) {
      apply(node, NodeEvent.DRAIN, reason, now);
    }
  }

  /** A node goes; what runs on it is ended and begins anew. */
  void delete(NodeRun node, String reason, Now now) {
    if (node.state() != NodeState.DELETING) {
      apply(node, NodeEvent.DELETE, reason, now);
      for (LiveInstance instance : bookedOn(node.node())) {
        evict(instance, node);
        completion.cancel(instance);
      }
    }
  }

  /** In the order in which their jobs were submitted. */
  private List<LiveInstance> bookedOn(Node node) {
    List<LiveInstance> found = new ArrayList<>();
    jobs.all().stream()
        .sorted(Comparator.comparingLong(job -> job.sequence))
        .flatMap(job -> job.tasks.stream())
        .map(task -> task.live.values())
        .flatMap(Collection::stream)
        .filter(instance -> isBookedOn(instance, node) && !instance.cancelled)
        .forEach(found::add);
    return found;
  }

  private static boolean isBookedOn(LiveInstance instance, Node node) {
    Booking booking = instance.booked;
    return booking != null && booking.node().equals(Optional.of(node));
  }

  private static void evict(LiveInstance instance, NodeRun node) {
    instance.evictedFrom = node;
    node.evicts();
  }

  /** An attempt was found on record; if its node was going then, it still is. */
  void recovered(LiveInstance instance) {
    NodeRun node = nodes.get(instance.nodeName);
    if (node != null && node.state() == NodeState.DELETING) {
      evict(instance, node);
    }
  }

  /** An attempt is over, and that is on its way to the store. */
  void ended(LiveInstance instance) {
    NodeRun node = instance.evictedFrom;
    if (node != null) {
      instance.evictedFrom = null;
      node.hasEvicted();
      unsettled.add(node.cluster());
    }
  }

  private void apply(NodeRun node, NodeEvent event, String reason, Now now) {
    node.apply(event, reason);
    if (node.state() != NodeState.DELETED) {
      output.changed(node);
    }
    output.emit(
        new Event.NodeChanged(
            node.cluster().name(), now.wall(), node.name(), node.state(), reason));
    placer.openChanged(node.cluster(), node.node());
    changed(node.cluster());
  }

  // ---- from what is there to what is to be ----

  /** Does what can be done now for clusters of which something has changed. */
  void settle(Now now) {
    for (Node node : placer.takeFreed()) {
      NodeRun run = nodes.get(node.name());
      if (run != null) {
        unsettled.add(run.cluster());
      }
    }
    pauses.forEach(
        (key, pause) -> {
          ClusterRun cluster = clusters.get(key.cluster());
          if (cluster != null && pause.untilNanos() <= now.nanos()) {
            unsettled.add(cluster);
          }
        });
    while (!unsettled.isEmpty()) {
      List<ClusterRun> once = List.copyOf(unsettled);
      unsettled.clear();
      once.forEach(cluster -> settle(cluster, now));
    }
  }

  private void settle(ClusterRun cluster, Now now) {
    cluster.surplus().forEach(node -> drain(node, "fewer nodes are wanted", now));
    List<NodeRun> gone = new ArrayList<>();
    for (NodeRun node : List.copyOf(cluster.nodes())) {
      if (node.state() == NodeState.DRAINING && node.isIdle()) {
        apply(node, NodeEvent.DELETE, "drained", now);
      }
      if (node.state() == NodeState.DELETING && node.isIdle() && isEnded(node)) {
        gone.add(node);
      }
    }
    remove(cluster, gone, now);
    make(cluster, now);
    if (cluster.state() == ClusterState.DELETING && cluster.nodes().isEmpty()) {
      forget(cluster, now);
    }
  }

  /** Says whether the executor has nothing left of a node; otherwise has it ended. */
  private boolean isEnded(NodeRun node) {
    if (node.isForgotten() || !keepsNodes.test(node.executor())) {
      return true;
    }
    if (ready.contains(node.executor()) && ending.add(node)) {
      output.effect(new Effect.EndNode(node.executor(), node.name()));
    }
    return false;
  }

  private void remove(ClusterRun cluster, List<NodeRun> gone, Now now) {
    if (gone.isEmpty()) {
      return;
    }
    for (NodeRun node : gone) {
      apply(node, NodeEvent.GONE, "", now);
      ending.remove(node);
      nodes.remove(node.name());
      placer.removed(node.node());
      output.removed(node);
    }
    placer.changeNodes(cluster, () -> gone.forEach(cluster::remove));
  }

  private void make(ClusterRun cluster, Now now) {
    List<String> made = new ArrayList<>();
    placer.changeNodes(
        cluster,
        () -> {
          for (Group group : cluster.description().groups()) {
            int lacking = isPausing(cluster, group, now) ? 0 : cluster.lacking(group);
            for (int i = 0; i < lacking; i++) {
              NodeRun node = cluster.make(group, now.wall());
              added(node);
              output.changed(node);
              output.emit(
                  new Event.NodeChanged(
                      cluster.name(), now.wall(), node.name(), NodeState.STARTING, ""));
              made.add(node.name());
            }
          }
        });
    if (!made.isEmpty()) {
      output.changed(cluster);
      output.effect(new Effect.Feed(new Input.NodesDurable(made)));
    }
  }

  private boolean isPausing(ClusterRun cluster, Group group, Now now) {
    Pause pause = pauses.get(new GroupKey(cluster.name(), group.name()));
    return pause != null && pause.untilNanos() > now.nanos();
  }

  private void forget(ClusterRun cluster, Now now) {
    clusters.remove(cluster.name());
    unsettled.remove(cluster);
    pauses.keySet().removeIf(key -> key.cluster().equals(cluster.name()));
    placer.remove(cluster);
    output.removed(cluster);
    output.emit(new Event.ClusterChanged(cluster.name(), now.wall(), ClusterState.DELETED));
  }

  /** When, by {@link Now#nanos}, a pause is over that a group waits for. */
  OptionalLong nextTimerNanos() {
    return pauses.entrySet().stream()
        .filter(pause -> waitsFor(pause.getKey()))
        .mapToLong(pause -> pause.getValue().untilNanos())
        .min();
  }

  private boolean waitsFor(GroupKey key) {
    @Nullable ClusterRun cluster = clusters.get(key.cluster());
    return cluster != null
        && cluster.description().group(key.group()).map(cluster::lacking).orElse(0) > 0;
  }
}
