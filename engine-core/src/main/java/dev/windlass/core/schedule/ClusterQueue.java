package dev.windlass.core.schedule;

import dev.windlass.job.Resources;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

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
 * <p>A request goes to the first node on which it fits. The first task in the order, of each
 * priority, that fits nowhere gets a <em>standing reservation</em>: the node that lacks least for
 * it is closed to all others of this priority and below until an instance of the task has begun.
 * What comes later in the order is placed on the other nodes meanwhile. So nothing is starved by
 * smaller requests: what holds the reservation waits for nothing but the end of what ran on its
 * node when it got it, and for higher priorities. The next to hold it is the first in the order at
 * that moment.
 *
 * <p>A pass looks at no more than {@value #DEPTH} tasks that cannot be placed. With the trees that
 * keep the order this bounds the cost of a decision: it grows with the logarithm of the number of
 * tasks.
 *
 * @param <T> the tasks; compared by identity
 */
public final class ClusterQueue<T extends ReadyTask> {

  /** How many tasks that cannot be placed a pass tries; what comes after them waits. */
  static final int DEPTH = 100;

  private final NodePool pool;
  private final NavigableMap<Integer, Level<T>> levels = new TreeMap<>(Comparator.reverseOrder());
  private final Map<String, Share<T>> shares = new HashMap<>();
  private long shareCount;

  /** An empty queue for the nodes of a cluster. */
  public ClusterQueue(NodePool pool) {
    this.pool = pool;
  }

  /** The cluster's nodes. */
  public NodePool pool() {
    return pool;
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
      change(level.queue(share), queue -> queue.add(task));
    } else {
      remove(task);
    }
  }

  /** Takes a task out, with the reservation that it may hold. */
  public void remove(T task) {
    find(task.job())
        .ifPresent(
            queue -> {
              if (queue.level.holder == task) {
                queue.level.giveUpReservation();
              }
              change(queue, any -> queue.remove(task));
            });
  }

  /** A job may have come to its cap, or from it. */
  public void capChanged(ReadyJob job) {
    find(job).ifPresent(queue -> change(queue, any -> queue.checkCap(job)));
  }

  private Optional<ShareQueue<T>> find(ReadyJob job) {
    return Optional.ofNullable(levels.get(job.priority())).map(level -> level.queue(job.share()));
  }

  private void change(ShareQueue<T> queue, Consumer<ShareQueue<T>> change) {
    Level<T> level = queue.level;
    level.leave(queue);
    change.accept(queue);
    level.enter(queue, pool.capacity());
    if (queue.isEmpty()) {
      level.forget(queue);
      if (level.isEmpty()) {
        levels.remove(level.priority);
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
    share.queues().forEach(queue -> queue.level.leave(queue));
    change.accept(share);
    share.queues().forEach(queue -> queue.level.enter(queue, pool.capacity()));
  }

  /**
   * Makes a change of what the nodes offer. Parts of a whole are others then, and so is the order
   * of the shares.
   */
  public void changeNodes(Runnable change) {
    levels.values().forEach(Level::leaveAll);
    change.run();
    levels.values().forEach(level -> level.enterAll(pool.capacity()));
  }

  /**
   * A node takes no new work any more, or something on it does not come free by itself: whoever it
   * was kept for gets another.
   */
  public void closed(Node node) {
    for (Level<T> level : levels.values()) {
      if (level.reserved == node) {
        level.giveUpReservation();
      }
    }
  }

  // ---- placing ----

  /**
   * Places what can be placed.
   *
   * @param limit how many instances at most
   * @param placed is told of each task and the node of its next instance, which is booked. Takes
   *     that instance out of the task, and does not call this queue
   * @return how many were placed
   */
  public int place(int limit, BiConsumer<T, Node> placed) {
    Pass pass = new Pass(limit, placed);
    if (pool.hasRoom()) {
      for (Level<T> level : levels.values()) {
        pass.walk(level);
      }
    }
    pass.end();
    return limit - pass.left;
  }

  /** One walk over the queue. */
  private final class Pass {
    private final BiConsumer<T, Node> placed;
    private final Set<Node> closed = new HashSet<>();
    private final Set<ShareQueue<T>> visited = new LinkedHashSet<>();
    private final Set<T> touched = new LinkedHashSet<>();
    private int left;
    private int blocked;

    Pass(int limit, BiConsumer<T, Node> placed) {
      this.left = limit;
      this.placed = placed;
    }

    void walk(Level<T> level) {
      serveHolder(level);
      ShareQueue<T> queue = level.first();
      while (left > 0 && blocked < DEPTH && queue != null) {
        visited.add(queue);
        T task = queue.current();
        if (task == null) {
          level.leave(queue);
          queue.parked = true;
        } else if (task == level.holder || !place(task)) {
          queue.skip();
          blocked++;
          reserve(level, task);
        }
        queue = level.first();
      }
    }

    /** What holds a reservation goes first; until it has begun, its node is closed. */
    private void serveHolder(Level<T> level) {
      T holder = level.holder;
      if (holder != null && (!holder.isReady() || holder.job().isCapped() || place(holder))) {
        level.giveUpReservation();
      } else if (level.reserved != null) {
        closed.add(level.reserved);
      }
    }

    private boolean place(T task) {
      Optional<Node> node =
          left == 0 ? Optional.empty() : pool.firstFit(task.request(), task.executor(), closed);
      node.ifPresent(found -> begin(task, found));
      return node.isPresent();
    }

    private void begin(T task, Node node) {
      Resources request = task.request();
      node.book(request);
      used(task.job(), request);
      touched.add(task);
      left--;
      placed.accept(task, node);
    }

    private void reserve(Level<T> level, T task) {
      if (level.holder == null) {
        pool.leastLacking(task.request(), task.executor(), closed)
            .ifPresent(
                node -> {
                  level.holder = task;
                  level.reserved = node;
                  closed.add(node);
                });
      }
    }

    void end() {
      visited.forEach(ShareQueue::rewind);
      visited.forEach(queue -> queue.level.leave(queue));
      visited.forEach(queue -> queue.level.enter(queue, pool.capacity()));
      touched.forEach(ClusterQueue.this::update);
    }
  }

  /** The node that is kept for a task; empty if it holds no reservation. */
  public Optional<Node> reservedFor(T task) {
    Level<T> level = levels.get(task.job().priority());
    return level != null && level.holder == task
        ? Optional.ofNullable(level.reserved)
        : Optional.empty();
  }
}
