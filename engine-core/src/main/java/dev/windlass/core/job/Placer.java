package dev.windlass.core.job;

import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.NodePool;
import dev.windlass.job.ClusterName;
import dev.windlass.job.Resources;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Decides which instance is placed next, and where.
 *
 * <p>Each cluster has a queue of tasks with ready instances, never of instances. Its order is
 * total: job priority, then the longest remaining path to the end of the job (critical path), then
 * order of submission, then position in the description. The queue is walked in that order; {@link
 * NodePool} keeps what comes later from starving what could not be placed.
 */
final class Placer {

  private static final Comparator<TaskRun> ORDER =
      Comparator.comparingInt((TaskRun task) -> -task.job.description.priority())
          .thenComparingLong(task -> -task.remainingPath)
          .thenComparingLong(task -> task.job.sequence)
          .thenComparingInt(task -> task.ordinal);

  private record Queue(NodePool pool, TreeSet<TaskRun> ready) {}

  private final Map<ClusterName, Queue> queues = new LinkedHashMap<>();
  private final Map<String, Node> nodesByName = new HashMap<>();

  /** True if anything changed since the last walk that could let an instance be placed. */
  private boolean stale;

  Placer(Map<ClusterName, NodePool> pools) {
    pools.forEach(
        (name, pool) -> {
          queues.put(name, new Queue(pool, new TreeSet<>(ORDER)));
          pool.nodes().forEach(node -> nodesByName.put(node.name(), node));
        });
  }

  boolean hasCluster(ClusterName name) {
    return queues.containsKey(name);
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
        queue(task).pool.nodes().stream().filter(node -> node.executor().equals(executor)).toList();
    return candidates.stream()
        .filter(node -> known.equals(Optional.of(node.name())))
        .findFirst()
        .or(() -> candidates.stream().filter(node -> node.fits(task.request())).findFirst())
        .or(() -> candidates.stream().findFirst());
  }

  /** Most memory that an attempt of a task could ever book, on the node that offers most. */
  long mostMemoryBytes(TaskRun task) {
    Resources without = task.plan.request().withMemory(0);
    return queue(task).pool.nodes().stream()
        .filter(node -> node.executor().equals(task.plan.executor()))
        .filter(node -> node.capacity().covers(without))
        .mapToLong(node -> node.capacity().memoryBytes())
        .max()
        .orElse(0);
  }

  void offer(String executor) {
    queues.values().forEach(queue -> queue.pool.offer(executor));
    stale = true;
  }

  /** Puts a task into its queue or takes it out, as it stands now. */
  void update(TaskRun task) {
    if (task.isReady()) {
      queue(task).ready.add(task);
      stale = true;
    } else if (hasCluster(task.plan.cluster())) {
      queue(task).ready.remove(task);
    }
  }

  /** Something became free. */
  void freed() {
    stale = true;
  }

  /**
   * Places what can be placed.
   *
   * @param limit how many instances at most
   * @param placed is told of each instance and its node; the node is booked already
   */
  void place(int limit, BiConsumer<LiveInstance, Node> placed) {
    if (!stale || limit <= 0) {
      return;
    }
    int left = limit;
    for (Queue queue : queues.values()) {
      left = walk(queue, left, placed);
    }
    stale = left == 0;
  }

  private static int walk(Queue queue, int limit, BiConsumer<LiveInstance, Node> placed) {
    int left = limit;
    NodePool.Pass pass = queue.pool.pass();
    Iterator<TaskRun> tasks = queue.ready.iterator();
    while (left > 0 && !pass.isExhausted() && tasks.hasNext()) {
      TaskRun task = tasks.next();
      Optional<Node> node = Optional.empty();
      while (left > 0 && task.isReady()) {
        node = pass.place(task.request(), n -> n.executor().equals(task.plan.executor()));
        if (node.isEmpty()) {
          break;
        }
        placed.accept(task.takeNext(), node.get());
        left--;
      }
      if (!task.isReady()) {
        tasks.remove();
      }
    }
    return left;
  }

  private Queue queue(TaskRun task) {
    Queue queue = queues.get(task.plan.cluster());
    if (queue == null) {
      throw new NoSuchElementException("no cluster " + task.plan.cluster());
    }
    return queue;
  }
}
