package dev.windlass.core.schedule;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ready tasks of one share at one priority: job after job in order of submission, and of a job
 * first the task whose remaining path is longest.
 *
 * <p>A pass visits each task once, with {@link #current} and {@link #skip}.
 */
final class ShareQueue<T extends ReadyTask> {
  static final Comparator<ReadyTask> WITHIN_JOB =
      Comparator.comparingLong((ReadyTask task) -> -task.remainingPath())
          .thenComparingInt(ReadyTask::ordinal);

  /** The order in which a pass begins to visit what waits at one priority. */
  static final Comparator<Waiting<?>> BY_PLACE =
      Comparator.comparingDouble((Waiting<?> waiting) -> waiting.queue().size)
          .thenComparingLong(waiting -> waiting.queue().share.order())
          .thenComparingLong(waiting -> waiting.task().job().sequence())
          .thenComparing(Waiting::task, WITHIN_JOB);

  final Share<T> share;
  final Order<T> order;

  /** The share's size when the queue was put into its order, which goes by it. */
  double size;

  /** Out of its order for the rest of the pass: nothing of it can be placed now. */
  boolean parked;

  private final NavigableMap<Long, Set<T>> jobs = new TreeMap<>();

  /** Tasks of jobs that run as much as they may, by the job. No pass visits them. */
  private final Map<Long, Set<T>> capped = new HashMap<>();

  /** Where the pass is; null before and after it. */
  private @Nullable Iterator<Set<T>> jobsLeft;

  private Iterator<T> tasksLeft = Collections.emptyIterator();
  private @Nullable T current;

  ShareQueue(Share<T> share, Order<T> order) {
    this.share = share;
    this.order = order;
  }

  /** Says whether a pass has nothing to visit here. */
  boolean isIdle() {
    return jobs.isEmpty();
  }

  /** Says whether no task is kept here. */
  boolean isEmpty() {
    return jobs.isEmpty() && capped.isEmpty();
  }

  /** A task and the queue in which it waits. */
  record Waiting<T extends ReadyTask>(ShareQueue<T> queue, T task) {}

  /** What waits here, in the order in which a pass begins to visit it. */
  Stream<Waiting<T>> waiting() {
    return jobs.values().stream().flatMap(Set::stream).map(task -> new Waiting<>(this, task));
  }

  void add(T task) {
    ReadyJob job = task.job();
    Map<Long, Set<T>> where = capped.containsKey(job.sequence()) ? capped : jobs;
    where.computeIfAbsent(job.sequence(), any -> new TreeSet<>(WITHIN_JOB)).add(task);
    checkCap(job);
  }

  void remove(T task) {
    remove(task, jobs);
    remove(task, capped);
  }

  private void remove(T task, Map<Long, Set<T>> from) {
    Set<T> tasks = from.get(task.job().sequence());
    if (tasks != null && tasks.remove(task) && tasks.isEmpty()) {
      from.remove(task.job().sequence());
    }
  }

  /** Puts the tasks of a job where they belong by its cap. */
  void checkCap(ReadyJob job) {
    Map<Long, Set<T>> from = job.isCapped() ? jobs : capped;
    Map<Long, Set<T>> to = job.isCapped() ? capped : jobs;
    Set<T> tasks = from.remove(job.sequence());
    if (tasks != null) {
      to.put(job.sequence(), tasks);
    }
  }

  /** The first task that this pass has not skipped and that can begin; null if there is none. */
  @Nullable T current() {
    if (jobsLeft == null) {
      jobsLeft = jobs.values().iterator();
    }
    while (current == null || !current.isReady() || current.job().isCapped()) {
      if (current != null && current.job().isCapped()) {
        // By what this pass placed; the rest of the job need not be looked at.
        tasksLeft = Collections.emptyIterator();
      }
      current = null;
      if (tasksLeft.hasNext()) {
        current = tasksLeft.next();
      } else if (jobsLeft.hasNext()) {
        tasksLeft = jobsLeft.next().iterator();
      } else {
        return null;
      }
    }
    return current;
  }

  /** The same, where it is known that there is one. */
  T present() {
    return Objects.requireNonNull(current(), "nothing is left here in this pass");
  }

  /** The current task cannot be placed in this pass. */
  void skip() {
    current = null;
  }

  /** Ends the pass. */
  void rewind() {
    jobsLeft = null;
    tasksLeft = Collections.emptyIterator();
    current = null;
    parked = false;
  }
}
