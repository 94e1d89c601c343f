package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What waits at one priority and needs the same named resources: the queues of its shares, the
 * smallest share first. When one of the names runs out, a pass leaves all of it at once.
 */
final class Order<T extends ReadyTask> {
  final Level<T> level;

  /** Of the named resources; empty for the tasks that need none. */
  final Set<String> names;

  /** The queues that have something a pass could place. */
  private final TreeSet<ShareQueue<T>> order =
      new TreeSet<>(
          Comparator.comparingDouble((ShareQueue<T> queue) -> queue.size)
              .thenComparingLong(queue -> queue.share.order()));

  /** All queues, by the names of their shares. */
  private final Map<String, ShareQueue<T>> queues = new HashMap<>();

  Order(Level<T> level, Set<String> names) {
    this.level = level;
    this.names = names;
  }

  boolean isEmpty() {
    return queues.isEmpty();
  }

  @Nullable ShareQueue<T> queue(String share) {
    return queues.get(share);
  }

  /** The queue of a share, made if need be. */
  ShareQueue<T> queue(Share<T> share) {
    return queues.computeIfAbsent(
        share.name(),
        any -> {
          ShareQueue<T> queue = new ShareQueue<>(share, this);
          share.queues().add(queue);
          return queue;
        });
  }

  /** Lets go of a queue in which nothing is kept. */
  void forget(ShareQueue<T> queue) {
    queues.remove(queue.share.name());
    queue.share.queues().remove(queue);
  }

  /** The queue of the smallest share; null if no queue has anything to place. */
  @Nullable ShareQueue<T> first() {
    return order.isEmpty() ? null : order.first();
  }

  /** The queues that have something a pass could place, the smallest share first. */
  Stream<ShareQueue<T>> queues() {
    return order.stream();
  }

  /** Takes a queue out of the order, before anything changes on which its place depends. */
  void leave(ShareQueue<T> queue) {
    order.remove(queue);
  }

  /** Takes all queues out of the order. */
  void leaveAll() {
    order.clear();
  }

  /** Puts all queues where they belong now. */
  void enterAll(Resources capacity) {
    queues.values().forEach(queue -> enter(queue, capacity));
  }

  /** Puts a queue where it belongs now. */
  void enter(ShareQueue<T> queue, Resources capacity) {
    if (!queue.isIdle() && !queue.parked) {
      queue.size = queue.share.size(capacity);
      order.add(queue);
    }
  }
}
