package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One walk over what waits in a cluster, in the order of its {@link ClusterQueue}, which places
 * what fits and reserves for what comes first and does not.
 */
final class Pass<T extends ReadyTask> {

  /** Compares the present tasks of two queues of one priority. */
  private static final Comparator<ShareQueue<?>> BY_TURN =
      Comparator.comparingDouble((ShareQueue<?> queue) -> queue.size)
          .thenComparingLong(queue -> queue.share.order())
          .thenComparing(
              ShareQueue::present,
              Comparator.comparingLong((ReadyTask task) -> task.job().sequence())
                  .thenComparing(ShareQueue.WITHIN_JOB));

  /** What a task asks of a node. */
  private record NodeNeed(String executor, Resources request) {}

  private final ClusterQueue<T> queue;
  private final NodePool pool;
  private final NamedOffer named;
  private final BiConsumer<T, Booking> placed;
  private final List<Claim> claims = new ArrayList<>();
  private final Set<ShareQueue<T>> visited = new LinkedHashSet<>();
  private final Set<T> touched = new LinkedHashSet<>();

  /** What fits on no node: within a pass room only becomes less, and claims only more. */
  private final Set<NodeNeed> unfit = new HashSet<>();

  /** How many could not be placed, by the named resources that they need. */
  private final Map<Set<String>, Integer> blocked = new HashMap<>();

  private int left;
  private boolean gaveUp;
  private boolean brokenOff;

  /**
   * A walk that has not begun.
   *
   * @param limit how many instances it may place
   * @param placed as of {@link ClusterQueue#place}
   */
  Pass(ClusterQueue<T> queue, int limit, BiConsumer<T, Booking> placed) {
    this.queue = queue;
    this.pool = queue.pool();
    this.named = queue.named();
    this.left = limit;
    this.placed = placed;
  }

  /** How many more it could have placed. */
  int left() {
    return left;
  }

  /** Says whether it gave up a reservation whose holder cannot begin any more at present. */
  boolean gaveUpAReservation() {
    return gaveUp;
  }

  /** Says whether what came before in the order may begin now, after all: it must be done anew. */
  boolean isBrokenOff() {
    return brokenOff;
  }

  /** Places what can be placed. Once. */
  void walk() {
    if (pool.hasRoom()) {
      for (Level<T> level : queue.levels()) {
        if (!brokenOff) {
          walk(level);
        }
      }
    }
    end();
  }

  private void walk(Level<T> level) {
    serveHolder(level);
    List<Order<T>> open = new ArrayList<>(level.orders());
    open.removeIf(this::isDeepEnough);
    ShareQueue<T> next = first(open);
    while (left > 0 && !brokenOff && next != null) {
      T task = next.present();
      if (task == level.holder || !place(level, task)) {
        next.skip();
        blocked.merge(next.order.names, 1, Integer::sum);
        reserve(level, task);
        if (isDeepEnough(next.order) || named.isShort(task.request().named(), task)) {
          open.remove(next.order);
        }
      }
      next = first(open);
    }
  }

  private boolean isDeepEnough(Order<T> order) {
    return blocked.getOrDefault(order.names, 0) >= ClusterQueue.DEPTH;
  }

  /** The queue whose present task is the first of all; null if nothing is left to visit. */
  private @Nullable ShareQueue<T> first(List<Order<T>> open) {
    ShareQueue<T> first = null;
    for (Order<T> order : open) {
      ShareQueue<T> candidate = first(order);
      if (candidate != null && (first == null || BY_TURN.compare(candidate, first) < 0)) {
        first = candidate;
      }
    }
    return first;
  }

  private @Nullable ShareQueue<T> first(Order<T> order) {
    ShareQueue<T> smallest = order.first();
    while (smallest != null) {
      visited.add(smallest);
      if (smallest.current() != null) {
        return smallest;
      }
      order.leave(smallest);
      smallest.parked = true;
      smallest = order.first();
    }
    return null;
  }

  /** What holds a reservation goes first; until it has begun, what it needs is kept. */
  private void serveHolder(Level<T> level) {
    T holder = level.holder;
    if (holder == null) {
      return;
    }
    if (!holder.isReady() || holder.job().isCapped() || !everFits(holder)) {
      queue.giveUp(level);
      gaveUp = true;
    } else if (place(level, holder)) {
      queue.giveUp(level);
    } else if (level.claim != null) {
      claims.add(level.claim);
    } else {
      reserveNode(level, holder);
    }
  }

  /** What there is too little of at all, nobody waits for with a reservation. */
  private boolean everFits(T task) {
    return named.everCovers(task.request().named())
        && pool.leastLacking(task.request().ofNode(), task.executor(), List.of()).isPresent();
  }

  private boolean place(Level<T> level, T task) {
    Resources request = task.request();
    NodeNeed need = new NodeNeed(task.executor(), request.ofNode());
    if (left == 0 || !named.covers(request.named(), task) || unfit.contains(need)) {
      return false;
    }
    Optional<Node> node = pool.firstFit(need.request, need.executor, claims);
    node.ifPresentOrElse(found -> begin(level, task, found), () -> unfit.add(need));
    return node.isPresent();
  }

  private void begin(Level<T> level, T task, Node node) {
    Resources request = task.request();
    Booking booking = Booking.of(node, request, named);
    queue.used(task.job(), request);
    touched.add(task);
    left--;
    placed.accept(task, booking);
    if (task.job().isCapped()) {
      keepNothingBeside(level, task);
    }
  }

  /**
   * Its job has come to its cap by this. If another task of the job holds a reservation, others may
   * have waited for what is kept, and come before what the walk would look at next.
   */
  private void keepNothingBeside(Level<T> level, T task) {
    T holder = level.holder;
    if (holder != null && holder != task && holder.job() == task.job()) {
      queue.giveUp(level);
      gaveUp = true;
      brokenOff = true;
    }
  }

  private void reserve(Level<T> level, T task) {
    if (level.holder == null && everFits(task)) {
      reserveNode(level, task);
      if (level.claim != null || !named.covers(task.request().named(), task)) {
        level.holder = task;
        named.keep(task);
      }
    }
  }

  /** Claims the node that lacks least for a task that fits on none. */
  private void reserveNode(Level<T> level, T task) {
    Resources request = task.request().ofNode();
    if (pool.firstFit(request, task.executor(), claims).isEmpty()) {
      pool.leastLacking(request, task.executor(), claims)
          .ifPresent(
              node -> {
                Claim claim = node.claim(request);
                level.claim = claim;
                claims.add(claim);
              });
    }
  }

  private void end() {
    visited.forEach(ShareQueue::rewind);
    visited.forEach(each -> each.order.leave(each));
    visited.forEach(each -> each.order.enter(each, queue.capacity()));
    touched.forEach(queue::update);
  }
}
