package dev.windlass.core.job;

import dev.windlass.core.schedule.Booking;
import dev.windlass.core.schedule.ClusterQueue;
import dev.windlass.core.schedule.Node;
import dev.windlass.job.Resources;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A pass over a copy of a cluster's queue, to see whether an instance of a task would begin after a
 * change. The copy is placed by the same {@link ClusterQueue}, so the rule is not told twice.
 *
 * <p>The copy holds what a pass looks at before it comes to the task: the first {@value #MOST}
 * tasks of the same priority and above, and all tasks of the jobs that the change concerns. So the
 * cost does not grow with what waits. Where more comes before, the rehearsal believes only what it
 * can prove.
 */
final class Rehearsal {

  /** So many tasks are looked at; several times as many as a pass can find no room for. */
  static final int MOST = 4 * ClusterQueue.DEPTH;

  private final TaskRun task;
  private final Map<TaskRun, StandIn> standIns = new LinkedHashMap<>();
  private final Map<JobRun, StandIn.Job> jobs = new LinkedHashMap<>();
  private final ClusterQueue<TaskRun> real;
  private final ClusterQueue<StandIn> queue;

  /** More waits than was copied. */
  private final boolean truncated;

  /** The task is among what was copied because of its place in the order. */
  private final boolean seen;

  private int placedBefore;
  private int placedOfJob;
  private boolean begun;
  private int placed;

  /** Who plays, and on which stage. */
  static final class Cast {
    private final ClusterQueue<TaskRun> real;
    private final TaskRun task;
    private final Set<JobRun> concerned = new LinkedHashSet<>();
    private int lowest;
    private Optional<Node> larger = Optional.empty();
    private Resources more = Resources.NONE;

    Cast(ClusterQueue<TaskRun> real, TaskRun task) {
      this.real = real;
      this.task = task;
      this.lowest = task.job.priority;
      concerned.add(task.job);
    }

    /** Looks at this priority and above only. */
    Cast from(int priority) {
      lowest = priority;
      return this;
    }

    /** All tasks of a job take part. */
    Cast with(JobRun job) {
      concerned.add(job);
      return this;
    }

    /** A node offers more. */
    Cast enlarge(Node node, Resources by) {
      larger = Optional.of(node);
      more = by;
      return this;
    }

    Rehearsal ready() {
      return new Rehearsal(this);
    }
  }

  private Rehearsal(Cast cast) {
    task = cast.task;
    real = cast.real;
    List<TaskRun> first = cast.real.first(MOST + 1, cast.lowest);
    truncated = first.size() > MOST;
    List<TaskRun> known = truncated ? first.subList(0, MOST) : first;
    seen = known.contains(task);
    known.forEach(this::standIn);
    for (JobRun job : cast.concerned) {
      for (TaskRun other : job.tasks) {
        if (other.plan.cluster().equals(task.plan.cluster())) {
          standIn(other);
        }
      }
    }
    queue =
        real.copy(
            node -> cast.larger.equals(Optional.of(node)) ? cast.more : Resources.NONE, standIns);
  }

  private StandIn standIn(TaskRun real) {
    return standIns.computeIfAbsent(
        real, any -> new StandIn(real, jobs.computeIfAbsent(real.job, StandIn.Job::new)));
  }

  // ---- what is changed ----

  /** An attempt ends well, as {@link Progress} would take it. */
  Rehearsal end(LiveInstance instance) {
    StandIn standIn = standIn(instance.task);
    Booking booked = instance.booked;
    if (booked != null) {
      queue.freeOf(real, booked);
      queue.freed(standIn.job, instance.request);
    }
    standIn.left();
    queue.update(standIn);
    queue.capChanged(standIn.job);
    return this;
  }

  /** The pause of an instance is over. */
  Rehearsal pauseOver(TaskRun of) {
    StandIn standIn = standIn(of);
    standIn.waiting++;
    queue.update(standIn);
    return this;
  }

  /** The user changes the priority of the task's job, as {@link Operations} would take it. */
  Rehearsal setPriority(int priority) {
    return change(() -> standIn(task).job.priority = priority);
  }

  /** The user resumes the task's job. */
  Rehearsal resume() {
    standIns.values().stream()
        .filter(each -> each.job == standIn(task).job)
        .forEach(
            each -> {
              each.waiting = each.real.mayBeginOnceResumed() ? each.real.inLine() : 0;
              queue.update(each);
            });
    return this;
  }

  /** The user changes the bound of the task's job. */
  Rehearsal setJobCap(OptionalInt most) {
    return change(() -> standIn(task).job.maxRunning = most);
  }

  /** The user changes the bound of the task. */
  Rehearsal setTaskCap(OptionalInt most) {
    return change(() -> standIn(task).maxRunning = most);
  }

  /** There are so many of a named resource of the engine. */
  Rehearsal setNamedTotal(String name, int total) {
    queue.named().setTotalOfEngine(name, total);
    return this;
  }

  private Rehearsal change(Runnable change) {
    List<StandIn> ofJob =
        standIns.values().stream().filter(each -> each.job == standIn(task).job).toList();
    ofJob.forEach(queue::remove);
    change.run();
    ofJob.forEach(queue::update);
    return this;
  }

  // ---- what comes of it ----

  /** Places what can be placed. */
  Rehearsal play() {
    queue.place(Integer.MAX_VALUE, (next, booking) -> began(next));
    return this;
  }

  private void began(StandIn next) {
    StandIn main = standIn(task);
    next.began();
    placed++;
    if (!begun) {
      placedOfJob += next.job == main.job ? 1 : 0;
      placedBefore += next == main ? 0 : 1;
      begun = next == main;
    }
  }

  /** Says whether an instance of the task has certainly begun. */
  boolean begins() {
    return begun && (!truncated || (seen && placedBefore == 0));
  }

  /** Says whether anything has begun. */
  boolean beginsAnything() {
    return placed > 0;
  }

  /** What stands for the task, as it is afterwards. */
  StandIn afterwards() {
    return standIn(task);
  }

  /** How many instances of the task have begun. */
  int begun() {
    return begins() ? standIn(task).placed() : 0;
  }

  /** How many instances of its job have begun up to the first of the task, that one included. */
  int begunOfJob() {
    return placedOfJob;
  }

  /** The nodes afterwards, in the order of the real ones. */
  Collection<Node> nodes() {
    return queue.pool().nodes();
  }

  /** The nodes that are kept for other tasks, beside which it never fits, and for which. */
  Map<Node, TaskRun> closed() {
    Map<Node, TaskRun> closed = new LinkedHashMap<>();
    queue.closedTo(standIn(task)).forEach((node, holder) -> closed.put(node, holder.real));
    return closed;
  }

  /** What could be booked of a named resource afterwards, less than 0 if more is booked. */
  long left(String named) {
    return queue.named().left(named, standIn(task));
  }

  /** Says whether something is kept for the task. */
  boolean holds() {
    return queue.holdsReservation(standIn(task));
  }

  /** The node that is kept for the task. */
  Optional<Node> reserved() {
    return queue.reservedFor(standIn(task));
  }
}
