package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The tasks with ready instances of one cluster, and the rule by which instances are placed on its
 * nodes. The queue holds tasks, never instances.
 *
 * <h2>The order</h2>
 *
 * <ol>
 *   <li>The higher priority.
 *   <li>Of equal priority the smaller {@link Share}. It grows with each instance that is placed, so
 *       that shares which have something to place come to the same size, up to one request.
 *   <li>Within a share the job that was submitted first.
 *   <li>Within a job the task with the longest remaining path; then the order of the description.
 * </ol>
 *
 * <h2>What cannot be placed</h2>
 *
 * <p>A request goes to the first node on which it fits, if there is enough of each named resource
 * that it needs. The first task in the order, of each priority, that cannot begin gets a
 * <em>standing reservation</em> until an instance of it has begun. If it fits on no node, the one
 * that lacks least for it keeps room for it: others of this priority and below are placed there
 * only if they, and all that was placed there since, fit beside it ({@link Claim}). And of each
 * named resource that it needs, as much as it needs is kept from them. What comes later in the
 * order is placed on what is left meanwhile. So nothing is starved by smaller requests: what holds
 * the reservation waits for nothing but the end of what ran on its node when it got it, or had what
 * it lacks, and for higher priorities. The next to hold it is the first in the order at that
 * moment. When the job of the holder comes to its cap, nothing is kept for it any more, and the
 * pass begins anew, so that those who waited for what was kept come before those behind them.
 *
 * <p>Named resources of the engine are booked by several clusters; what is kept of them for one
 * priority is served in the order in which it was kept ({@link NamedPool}).
 *
 * <p>A pass looks at no more than {@value #DEPTH} tasks that need the same named resources and
 * cannot be placed, and at no further one once such a resource has run out. With the trees that
 * keep the order this bounds the cost of a decision: it grows with the logarithm of the number of
 * tasks.
 *
 * @param <T> the tasks; compared by identity
 */
public final class ClusterQueue<T extends ReadyTask> {

  /**
   * How many tasks that need the same named resources and cannot be placed a pass tries; what comes
   * after them waits.
   */
  public static final int DEPTH = 100;

  private final NodePool pool;
  private final NavigableMap<Integer, Level<T>> levels = new TreeMap<>(Comparator.reverseOrder());
  private final Map<String, Share<T>> shares = new HashMap<>();
  private final NamedOffer named;
  private long shareCount;

  /** What shares were measured by last, and what it was made of: it is asked for all the time. */
  private Resources measure = Resources.NONE;

  private Resources measuredNodes = Resources.NONE;
  private Map<String, Integer> measuredNames = Map.of();

  /** True if a reservation was given up that nobody had to wait for any more. */
  private boolean gaveUp;

  /**
   * An empty queue for the nodes of a cluster.
   *
   * @param engine the named resources that all clusters share
   */
  public ClusterQueue(NodePool pool, NamedPool engine) {
    this.pool = pool;
    this.named = new NamedOffer(pool.named(), engine);
  }

  /** The cluster's nodes. */
  public NodePool pool() {
    return pool;
  }

  /** The named resources that its tasks can book. */
  public NamedOffer named() {
    return named;
  }

  /** What shares are measured by. */
  Resources capacity() {
    Map<String, Integer> offered = named.offeredByCluster();
    if (offered.isEmpty()) {
      return pool.capacity();
    }
    if (!pool.capacity().equals(measuredNodes) || !offered.equals(measuredNames)) {
      measuredNodes = pool.capacity();
      measuredNames = offered;
      measure = measuredNodes.withNamed(offered);
    }
    return measure;
  }

  // ---- what waits ----

  /** Puts a task in or takes it out, as it stands now. */
  public void update(T task) {
    if (task.isReady()) {
      Level<T> level = levels.computeIfAbsent(task.job().priority(), Level::new);
      Share<T> share = share(task.job());
      if (share.isWeighedAnewBy(task.job())) {
        resize(share, any -> share.weigh(task.job()));
      }
      change(level.order(task).queue(share), queue -> queue.add(task));
    } else {
      remove(task);
    }
  }

  /** Takes a task out, with the reservation that it may hold. */
  public void remove(T task) {
    Level<T> level = levels.get(task.job().priority());
    Order<T> order = level == null ? null : level.find(task);
    ShareQueue<T> queue = order == null ? null : order.queue(task.job().share());
    if (level != null && queue != null) {
      if (level.holder == task) {
        giveUp(level);
      }
      change(queue, any -> queue.remove(task));
    }
  }

  /** Keeps nothing more for whoever holds the reservation of a priority. */
  void giveUp(Level<T> level) {
    T holder = level.holder;
    if (holder != null) {
      named.letGo(holder);
    }
    level.giveUpReservation();
  }

  /**
   * A job may have come to its cap, or from it.
   *
   * @return true if a task of the job held a reservation, and holds it no longer since it may not
   *     begin any more at present
   */
  public boolean capChanged(ReadyJob job) {
    Level<T> level = levels.get(job.priority());
    boolean holds = level != null && level.holder != null && level.holder.job() == job;
    boolean gaveUpNow = holds && job.isCapped();
    if (level != null) {
      if (gaveUpNow) {
        giveUp(level);
      }
      for (Order<T> order : level.orders()) {
        ShareQueue<T> queue = order.queue(job.share());
        if (queue != null) {
          change(queue, any -> queue.checkCap(job));
        }
      }
    }
    return gaveUpNow;
  }

  private void change(ShareQueue<T> queue, Consumer<ShareQueue<T>> change) {
    Order<T> order = queue.order;
    order.leave(queue);
    change.accept(queue);
    order.enter(queue, capacity());
    if (queue.isEmpty()) {
      order.forget(queue);
      if (order.isEmpty()) {
        order.level.forget(order);
      }
      if (order.level.isEmpty()) {
        levels.remove(order.level.priority);
      }
      forget(queue.share);
    }
  }

  // ---- what is used ----

  private Share<T> share(ReadyJob job) {
    return shares.computeIfAbsent(job.share(), name -> new Share<>(name, shareCount++));
  }

  private void forget(Share<T> share) {
    if (share.isForgettable()) {
      shares.remove(share.name());
    }
  }

  /** An instance of a job has booked something that this queue did not place. */
  public void used(ReadyJob job, Resources request) {
    resize(share(job), share -> share.add(request));
  }

  /** An instance of a job has given back what it booked. */
  public void freed(ReadyJob job, Resources request) {
    Share<T> share = share(job);
    resize(share, any -> share.subtract(request));
    forget(share);
  }

  private void resize(Share<T> share, Consumer<Share<T>> change) {
    share.queues().forEach(queue -> queue.order.leave(queue));
    change.accept(share);
    share.queues().forEach(queue -> queue.order.enter(queue, capacity()));
  }

  /**
   * Makes a change of what the cluster offers. Parts of a whole are others then, and so is the
   * order of the shares.
   */
  public void changeNodes(Runnable change) {
    Map<String, Integer> before = named.offeredByCluster();
    forEachOrder(Order::leaveAll);
    change.run();
    forEachOrder(order -> order.enterAll(capacity()));
    if (!before.equals(named.offeredByCluster())) {
      // What is kept may be kept in the wrong place now.
      levels.values().forEach(this::giveUp);
    }
  }

  private void forEachOrder(Consumer<Order<T>> action) {
    levels.values().forEach(level -> level.orders().forEach(action));
  }

  /**
   * A node takes no new work any more, or something on it does not come free by itself: whoever it
   * was kept for gets another.
   */
  public void closed(Node node) {
    for (Level<T> level : levels.values()) {
      if (level.reserved() == node) {
        giveUp(level);
      }
    }
  }

  // ---- placing ----

  /** What waits, the highest priority first. */
  Collection<Level<T>> levels() {
    return levels.values();
  }

  /**
   * Places what can be placed.
   *
   * @param limit how many instances at most
   * @param placed is told of each task and what is booked for its next instance. Takes that
   *     instance out of the task, and does not call this queue
   * @return how many were placed
   */
  public int place(int limit, BiConsumer<T, Booking> placed) {
    gaveUp = false;
    int left = limit;
    boolean again = true;
    while (again) {
      Pass<T> pass = new Pass<>(this, left, placed);
      pass.walk();
      left = pass.left();
      gaveUp |= pass.gaveUpAReservation();
      again = pass.isBrokenOff();
    }
    return limit - left;
  }

  /**
   * Says whether the last placing gave up a reservation whose holder cannot begin any more at
   * present: what was kept for it may be what another cluster waits for.
   */
  public boolean gaveUpAReservation() {
    return gaveUp;
  }

  // ---- what waits, and why ----

  /** The priorities at which something waits, the highest first. */
  public List<Integer> priorities() {
    return List.copyOf(levels.keySet());
  }

  /** Says whether something waits that asks for any of some named resources. */
  public boolean awaitsAny(Set<String> names) {
    return levels.values().stream()
        .flatMap(level -> level.orders().stream())
        .anyMatch(order -> !Collections.disjoint(order.names, names));
  }

  /**
   * What a pass would look at, in the order in which it begins.
   *
   * @param most how many tasks at most
   * @param lowest of this priority and above
   */
  public List<T> first(int most, int lowest) {
    return levels.headMap(lowest, true).values().stream()
        .flatMap(level -> level.tasks(most))
        .limit(most)
        .toList();
  }

  /**
   * The nodes that keep something for others of a priority and above beside which a request of a
   * task never fits, and for whom.
   */
  public Map<Node, T> closedTo(T task) {
    Map<Node, T> closed = new LinkedHashMap<>();
    for (Level<T> level : levels.headMap(task.job().priority(), true).values()) {
      T holder = level.holder;
      Claim claim = level.claim;
      if (holder != null
          && holder != task
          && claim != null
          && !claim.leavesRoomFor(task.request())) {
        closed.putIfAbsent(claim.node(), holder);
      }
    }
    return closed;
  }

  /**
   * A copy to try something on: what is used, kept and waits is the same.
   *
   * @param more what a node offers more in the copy
   * @param tasks the tasks that the copy knows, and what stands for each there
   */
  public <S extends ReadyTask> ClusterQueue<S> copy(
      Function<Node, Resources> more, Map<T, S> tasks) {
    UnaryOperator<ReadyTask> same = holder -> standFor(holder, tasks);
    ClusterQueue<S> copy = new ClusterQueue<>(pool.copy(more, same), named.engine().copy(same));
    copy.shareCount = shareCount;
    tasks.forEach(
        (task, standIn) -> {
          Share<T> share = shares.get(task.job().share());
          if (share != null) {
            copy.shares.computeIfAbsent(share.name(), any -> share.copy());
          }
        });
    tasks.values().forEach(copy::update);
    levels.values().forEach(level -> copy.takeReservation(level, tasks));
    return copy;
  }

  /** Who holds a reservation, and still is in the queue after a change, has it in the copy too. */
  private <R extends ReadyTask> void takeReservation(Level<R> original, Map<R, T> tasks) {
    T holder = original.holder == null ? null : tasks.get(original.holder);
    Level<T> level = holder == null ? null : levels.get(holder.job().priority());
    Claim claim = original.claim;
    if (level != null) {
      level.holder = holder;
      level.claim = claim == null ? null : pool.copyOf(claim);
    } else if (holder != null) {
      named.letGo(holder);
    }
  }

  /** What is kept for tasks that the copy does not know stays kept for them. */
  private static <T, S extends ReadyTask> ReadyTask standFor(ReadyTask holder, Map<T, S> tasks) {
    S known = tasks.get(holder);
    return known == null ? holder : known;
  }

  /** Ends a booking of the queue that this is a copy of. */
  public void freeOf(ClusterQueue<?> original, Booking booking) {
    booking.freeIn(pool, original.named, named);
  }

  /** The node that is kept for a task; empty if it holds no reservation, or fits on some node. */
  public Optional<Node> reservedFor(T task) {
    return holdsReservation(task)
        ? Optional.ofNullable(levels.get(task.job().priority())).map(Level::reserved)
        : Optional.empty();
  }

  /** Says whether a task holds the reservation of its priority. */
  public boolean holdsReservation(T task) {
    Level<T> level = levels.get(task.job().priority());
    return level != null && level.holder == task;
  }
}
