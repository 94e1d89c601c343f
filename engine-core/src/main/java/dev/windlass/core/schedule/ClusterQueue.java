package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
import org.jspecify.annotations.Nullable;

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

  /** Compares the present tasks of two queues of one priority. */
  private static final Comparator<ShareQueue<?>> BY_TURN =
      Comparator.comparingDouble((ShareQueue<?> queue) -> queue.size)
          .thenComparingLong(queue -> queue.share.order())
          .thenComparing(
              ShareQueue::present,
              Comparator.comparingLong((ReadyTask task) -> task.job().sequence())
                  .thenComparing(ShareQueue.WITHIN_JOB));

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
  private Resources capacity() {
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

  private void giveUp(Level<T> level) {
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
      Pass pass = new Pass(left, placed);
      pass.walkAll();
      left = pass.left;
      again = pass.brokenOff;
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

  /** What a task asks of a node. */
  private record NodeNeed(String executor, Resources request) {}

  /** One walk over the queue. */
  private final class Pass {
    private final BiConsumer<T, Booking> placed;
    private final List<Claim> claims = new ArrayList<>();
    private final Set<ShareQueue<T>> visited = new LinkedHashSet<>();
    private final Set<T> touched = new LinkedHashSet<>();

    /** What fits on no node: within a pass room only becomes less, and claims only more. */
    private final Set<NodeNeed> unfit = new HashSet<>();

    /** How many could not be placed, by the named resources that they need. */
    private final Map<Set<String>, Integer> blocked = new HashMap<>();

    private int left;

    /** What came before in the order may begin now, after all: the walk must begin anew. */
    private boolean brokenOff;

    Pass(int limit, BiConsumer<T, Booking> placed) {
      this.left = limit;
      this.placed = placed;
    }

    void walkAll() {
      if (pool.hasRoom()) {
        for (Level<T> level : levels.values()) {
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
      ShareQueue<T> queue = first(open);
      while (left > 0 && !brokenOff && queue != null) {
        T task = queue.present();
        if (task == level.holder || !place(task)) {
          queue.skip();
          blocked.merge(queue.order.names, 1, Integer::sum);
          reserve(level, task);
          if (isDeepEnough(queue.order) || named.isShort(task.request().named(), task)) {
            open.remove(queue.order);
          }
        }
        queue = first(open);
      }
    }

    private boolean isDeepEnough(Order<T> order) {
      return blocked.getOrDefault(order.names, 0) >= DEPTH;
    }

    /** The queue whose present task is the first of all; null if nothing is left to visit. */
    private @Nullable ShareQueue<T> first(List<Order<T>> open) {
      ShareQueue<T> first = null;
      for (Order<T> order : open) {
        ShareQueue<T> queue = first(order);
        if (queue != null && (first == null || BY_TURN.compare(queue, first) < 0)) {
          first = queue;
        }
      }
      return first;
    }

    private @Nullable ShareQueue<T> first(Order<T> order) {
      ShareQueue<T> queue = order.first();
      while (queue != null) {
        visited.add(queue);
        if (queue.current() != null) {
          return queue;
        }
        order.leave(queue);
        queue.parked = true;
        queue = order.first();
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
        giveUp(level);
        gaveUp = true;
      } else if (place(holder)) {
        giveUp(level);
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

    private boolean place(T task) {
      Resources request = task.request();
      NodeNeed need = new NodeNeed(task.executor(), request.ofNode());
      if (left == 0 || !named.covers(request.named(), task) || unfit.contains(need)) {
        return false;
      }
      Optional<Node> node = pool.firstFit(need.request, need.executor, claims);
      node.ifPresentOrElse(found -> begin(task, found), () -> unfit.add(need));
      return node.isPresent();
    }

    private void begin(T task, Node node) {
      Resources request = task.request();
      Booking booking = Booking.of(node, request, named);
      used(task.job(), request);
      touched.add(task);
      left--;
      placed.accept(task, booking);
      if (task.job().isCapped()) {
        keepNothingBeside(task);
      }
    }

    /**
     * Its job has come to its cap by this. If another task of the job holds a reservation, others
     * may have waited for what is kept, and come before what the walk would look at next.
     */
    private void keepNothingBeside(T task) {
      Level<T> level = levels.get(task.job().priority());
      T holder = level == null ? null : level.holder;
      if (level != null && holder != null && holder != task && holder.job() == task.job()) {
        giveUp(level);
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
      visited.forEach(queue -> queue.order.leave(queue));
      visited.forEach(queue -> queue.order.enter(queue, capacity()));
      touched.forEach(ClusterQueue.this::update);
    }
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
