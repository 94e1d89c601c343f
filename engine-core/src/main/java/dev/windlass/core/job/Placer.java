package dev.windlass.core.job;

import com.google.common.collect.Sets;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.core.cluster.ClusterRun;
import dev.windlass.core.schedule.Booking;
import dev.windlass.core.schedule.ClusterQueue;
import dev.windlass.core.schedule.NamedOffer;
import dev.windlass.core.schedule.NamedPool;
import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.NodePool;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Resources;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Decides which instance is placed next, and where: each cluster has a {@link ClusterQueue}, which
 * keeps the order. What is booked on nodes and of named resources goes through here, so that the
 * shares know of it.
 */
final class Placer {

  /** What is offered by a cluster that is gone. */
  private static final NamedPool NO_CLUSTER = new NamedPool(Map.of());

  private final Map<ClusterName, ClusterQueue<TaskRun>> queues = new LinkedHashMap<>();

  /** Clusters that are there for the whole life of the host. */
  private final Set<ClusterName> configured;

  private final Map<String, Node> nodesByName = new HashMap<>();

  /** The executors whose surviving attempts are known. */
  private final Set<String> offered = new LinkedHashSet<>();

  /** Nodes that take no new work and on which something came free. */
  private final Set<Node> freed = new LinkedHashSet<>();

  /** What all clusters share. */
  private final NamedPool named = new NamedPool(Map.of());

  /** The attempts that have something booked on a node, by its name. */
  private final Map<String, Set<LiveInstance>> occupants = new HashMap<>();

  /** True if anything changed since the last walk that could let an instance be placed. */
  private boolean stale;

  private boolean stopped;

  Placer(Map<ClusterName, NodePool> pools) {
    configured = Set.copyOf(pools.keySet());
    pools.forEach(
        (name, pool) -> {
          queues.put(name, new ClusterQueue<>(pool, named));
          pool.nodes().forEach(node -> nodesByName.put(node.name(), node));
        });
  }

  /** Adds a cluster, which has no nodes that this placer knows of. */
  void add(ClusterRun cluster) {
    queues.put(cluster.name(), new ClusterQueue<>(cluster.pool(), named));
    offered.forEach(cluster.pool()::offer);
  }

  /** Takes a cluster out; nothing is booked on it, and no task of it waits. */
  void remove(ClusterRun cluster) {
    queues.remove(cluster.name());
  }

  /**
   * Has changed what a cluster offers.
   *
   * @param change makes nodes, or removes some, or changes its named resources
   */
  void changeNodes(ClusterRun cluster, Runnable change) {
    queueOf(cluster).changeNodes(change);
    stale = true;
  }

  /** Nodes that take no new work and on which something came free since this was asked. */
  List<Node> takeFreed() {
    List<Node> taken = List.copyOf(freed);
    freed.clear();
    return taken;
  }

  /** Says whether there is a cluster of a name that was there from the beginning. */
  boolean isConfigured(ClusterName name) {
    return configured.contains(name);
  }

  /** A node was made or found, and is in the pool of its cluster. */
  void added(Node node) {
    nodesByName.put(node.name(), node);
  }

  /** A node is gone, and out of the pool of its cluster. */
  void removed(Node node) {
    nodesByName.remove(node.name());
  }

  /** A node takes new work now, or no more. */
  void openChanged(ClusterRun cluster, Node node) {
    if (!node.isOpen()) {
      queueOf(cluster).closed(node);
    }
    stale = true;
  }

  private ClusterQueue<TaskRun> queueOf(ClusterRun cluster) {
    return Objects.requireNonNull(queues.get(cluster.name()), "cluster");
  }

  Optional<Node> node(String name) {
    return Optional.ofNullable(nodesByName.get(name));
  }

  /**
   * The node in the task's cluster on which an attempt was placed; where that is not known, one of
   * the executor with room, if there is one.
   */
  Optional<Node> nodeOf(TaskRun task, String executor, Optional<String> known) {
    List<Node> candidates =
        queue(task).pool().nodes().stream()
            .filter(node -> node.executor().equals(executor))
            .toList();
    return candidates.stream()
        .filter(node -> known.equals(Optional.of(node.name())))
        .findFirst()
        .or(() -> candidates.stream().filter(node -> node.fits(task.request())).findFirst())
        .or(() -> candidates.stream().findFirst());
  }

  /** Sets how many there are of a named resource of the engine. */
  void setNamedTotal(String name, int total) {
    named.setTotal(name, total);
    stale = true;
  }

  /** How many are booked of each named resource of the engine. */
  Map<String, Integer> namedInUse() {
    return named.booked();
  }

  /** Most memory that an attempt of a task could ever book, on the node that offers most. */
  long mostMemoryBytes(TaskRun task) {
    Resources without = task.plan.request().ofNode().withMemory(0);
    return queue(task).pool().nodes().stream()
        .filter(node -> node.executor().equals(task.plan.executor()))
        .filter(node -> node.capacity().covers(without))
        .mapToLong(node -> node.capacity().memoryBytes())
        .max()
        .orElse(0);
  }

  void offer(String executor) {
    offered.add(executor);
    queues.values().forEach(queue -> queue.pool().offer(executor));
    stale = true;
  }

  /** Puts a task into its queue or takes it out, as it stands now. */
  void update(TaskRun task) {
    find(task).ifPresent(queue -> queue.update(task));
    stale = true;
  }

  /** Takes all tasks of a job out of their queues, before its place among the others changes. */
  void withdraw(JobRun job) {
    job.tasks.forEach(task -> find(task).ifPresent(queue -> queue.remove(task)));
  }

  /** An instance of a task does not run any more: the task, or its job, may come below its cap. */
  void left(TaskRun task) {
    update(task);
    capChanged(task.job);
  }

  /**
   * A job may have come to its cap, or from it. Its tasks may lie in several clusters.
   *
   * @return true if something is not kept any more for which others may have waited
   */
  private boolean capChanged(JobRun job) {
    boolean gaveUp = false;
    for (ClusterQueue<TaskRun> queue : queues.values()) {
      gaveUp |= queue.capChanged(job);
    }
    return gaveUp;
  }

  /**
   * Books an attempt that is under way already, with the devices that it has.
   *
   * @param node where it runs; empty if the node is not there any more. Named resources it has all
   *     the same
   */
  void adopt(LiveInstance instance, Optional<Node> node) {
    Optional<ClusterQueue<TaskRun>> queue = find(instance.task);
    NamedOffer offer =
        queue.map(ClusterQueue::named).orElseGet(() -> new NamedOffer(NO_CLUSTER, named));
    instance.booked = Booking.adopted(node, instance.request, instance.gpuDevices, offer);
    node.ifPresent(where -> occupy(instance, where));
    queue.ifPresent(found -> found.used(instance.task.job, instance.request));
  }

  /** Gives back what an attempt booked. */
  void free(LiveInstance instance) {
    Booking booking = instance.booked;
    if (booking != null) {
      booking.free();
      instance.booked = null;
      booking.node().ifPresent(node -> leave(instance, node));
      booking.node().filter(node -> !node.isOpen()).ifPresent(freed::add);
      find(instance.task).ifPresent(queue -> queue.freed(instance.task.job, instance.request));
      stale = true;
    }
  }

  /** What an attempt booked stays booked, and counts for no share any more. */
  Booking keep(LiveInstance instance) {
    Booking booking = Objects.requireNonNull(instance.booked, "booked");
    instance.booked = null;
    find(instance.task).ifPresent(queue -> queue.freed(instance.task.job, instance.request));
    booking.node().ifPresent(node -> keepOn(node, instance.request));
    stale = true;
    return booking;
  }

  private void keepOn(Node node, Resources request) {
    node.keep(request);
    queues.values().forEach(queue -> queue.closed(node));
  }

  /** Books what was kept before. AutoClusters are of the default cluster. */
  Booking keepAgain(ReservedRecord record) {
    Optional<Node> node = node(record.node());
    NamedOffer offer =
        Optional.ofNullable(queues.get(ClusterDescription.DEFAULT))
            .map(ClusterQueue::named)
            .orElseGet(() -> new NamedOffer(NO_CLUSTER, named));
    node.ifPresent(found -> keepOn(found, record.resources()));
    return Booking.adopted(node, record.resources(), record.gpuDevices(), offer);
  }

  /** Gives back what was kept. */
  void release(Booking booking) {
    booking.node().ifPresent(node -> node.release(booking.request()));
    booking.free();
    stale = true;
  }

  /** Places nothing any more. */
  void stopPlacing() {
    stopped = true;
  }

  /**
   * Places what can be placed.
   *
   * @param limit how many instances at most
   * @param placed is told of each instance and what is booked for it
   */
  void place(int limit, BiConsumer<LiveInstance, Booking> placed) {
    if (!stale || limit <= 0 || stopped) {
      return;
    }
    int left = limit;
    Set<JobRun> capped = new LinkedHashSet<>();
    boolean again = true;
    while (again) {
      again = false;
      for (ClusterQueue<TaskRun> queue : queues.values()) {
        left -=
            queue.place(
                left,
                (task, booking) -> {
                  LiveInstance next = task.takeNext();
                  placed.accept(next, booking);
                  occupy(next, booking.node().orElseThrow());
                  if (task.job.isCapped()) {
                    capped.add(task.job);
                  }
                });
        again |= queue.gaveUpAReservation();
      }
      // In its own queue each has seen to that; other clusters may keep something for it too.
      for (JobRun job : capped) {
        again |= capChanged(job);
      }
      capped.clear();
    }
    stale = left == 0;
  }

  private void occupy(LiveInstance instance, Node node) {
    occupants.computeIfAbsent(node.name(), any -> new LinkedHashSet<>()).add(instance);
  }

  private void leave(LiveInstance instance, Node node) {
    Set<LiveInstance> there = occupants.get(node.name());
    if (there != null && there.remove(instance) && there.isEmpty()) {
      occupants.remove(node.name());
    }
  }

  /** Which attempts have something booked on a node. */
  Collection<LiveInstance> occupants(Node node) {
    return occupants.getOrDefault(node.name(), Set.of());
  }

  /** Which attempts have booked some of a named resource, on all nodes that are there. */
  List<LiveInstance> holders(String named) {
    return occupants.values().stream()
        .flatMap(Set::stream)
        .filter(each -> each.request.named().containsKey(named))
        .toList();
  }

  /**
   * Says whether something may be waiting only because no more could be placed in the last turn.
   */
  boolean isStale() {
    return stale;
  }

  /** The queue of a task, if something may be placed on nodes of its executor there. */
  Optional<ClusterQueue<TaskRun>> offering(TaskRun task) {
    return find(task).filter(queue -> queue.pool().offers(task.executor()));
  }

  /**
   * Says whether a task asks for named resources that all clusters share, and something waits in
   * another cluster that asks for the same.
   */
  boolean isRivalled(TaskRun task) {
    Set<String> shared = sharedByClusters(task);
    return !shared.isEmpty()
        && queues.entrySet().stream()
            .filter(each -> !each.getKey().equals(task.plan.cluster()))
            .anyMatch(each -> each.getValue().awaitsAny(shared));
  }

  /** Says whether two tasks, in different clusters, ask for the same of what all clusters share. */
  boolean areRivals(TaskRun one, TaskRun other) {
    return !one.plan.cluster().equals(other.plan.cluster())
        && !Collections.disjoint(sharedByClusters(one), sharedByClusters(other));
  }

  /** Says whether there are such two among the tasks of a job. */
  boolean hasRivals(JobRun job) {
    Map<String, ClusterName> clusters = new HashMap<>();
    for (TaskRun task : job.tasks) {
      for (String name : sharedByClusters(task)) {
        ClusterName first = clusters.putIfAbsent(name, task.plan.cluster());
        if (first != null && !first.equals(task.plan.cluster())) {
          return true;
        }
      }
    }
    return false;
  }

  /** What a task asks for of the named resources that all clusters share. */
  private Set<String> sharedByClusters(TaskRun task) {
    return find(task)
        .map(queue -> Sets.filter(task.request().named().keySet(), queue.named()::isOfEngine))
        .orElse(Set.of());
  }

  private ClusterQueue<TaskRun> queue(TaskRun task) {
    return find(task)
        .orElseThrow(() -> new NoSuchElementException("no cluster " + task.plan.cluster()));
  }

  /** Empty for a task whose cluster is gone. */
  private Optional<ClusterQueue<TaskRun>> find(TaskRun task) {
    return Optional.ofNullable(queues.get(task.plan.cluster()));
  }
}
