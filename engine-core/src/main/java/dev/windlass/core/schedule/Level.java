package dev.windlass.core.schedule;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What waits at one priority, and the reservation that the priority has. */
final class Level<T extends ReadyTask> {
  final int priority;

  /** By the names of the named resources that the tasks need. */
  private final Map<Set<String>, Order<T>> orders = new LinkedHashMap<>();

  /** The task that holds the reservation, and what a node keeps for it, if it lacks one. */
  @Nullable T holder;

  @Nullable Claim claim;

  Level(int priority) {
    this.priority = priority;
  }

  boolean isEmpty() {
    return orders.isEmpty();
  }

  /** All orders in which something is kept. */
  Collection<Order<T>> orders() {
    return List.copyOf(orders.values());
  }

  /** The order to which a task belongs; null if nothing is kept there. */
  @Nullable Order<T> find(T task) {
    return orders.get(task.request().named().keySet());
  }

  /** The order to which a task belongs, made if need be. */
  Order<T> order(T task) {
    return orders.computeIfAbsent(
        task.request().named().keySet(), names -> new Order<>(this, names));
  }

  /** The tasks in the order in which a pass begins: what holds the reservation, then the others. */
  Stream<T> tasks(int most) {
    Stream<T> others =
        orders.values().stream()
            .flatMap(order -> order.queues().flatMap(ShareQueue::waiting).limit(most))
            .sorted(ShareQueue.BY_PLACE)
            .map(ShareQueue.Waiting::task);
    T first = holder;
    return first == null
        ? others
        : Stream.concat(Stream.of(first), others.filter(task -> task != first));
  }

  /** The node that keeps something for the holder of the reservation; null if none does. */
  @Nullable Node reserved() {
    return claim == null ? null : claim.node();
  }

  void giveUpReservation() {
    if (claim != null) {
      claim.node().letGo(claim);
    }
    holder = null;
    claim = null;
  }

  /** Lets go of an order in which nothing is kept. */
  void forget(Order<T> order) {
    orders.remove(order.names);
  }
}
