package dev.windlass.core.job;

import dev.windlass.core.schedule.ClusterQueue;
import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.Parts;
import dev.windlass.job.JobDescription;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.why.Remedy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Seeks the smallest changes that let the next instance of a task begin. Each is tried in a {@link
 * Rehearsal}, and so is what is smaller where that does not follow; what cannot be proven so is not
 * told.
 */
final class Remedies {

  /** So many nodes are looked at, those that lack least. */
  private static final int MOST_NODES = 8;

  /** So many attempts of a node or a job are looked at. */
  private static final int MOST_ATTEMPTS = 32;

  /** So many priorities are tried. */
  private static final int MOST_PRIORITIES = 64;

  private final Placer placer;
  private final Timers timers;
  private final JobsInMemory jobs;
  private final boolean driven;

  Remedies(Placer placer, Timers timers, JobsInMemory jobs, boolean driven) {
    this.driven = driven;
    this.placer = placer;
    this.timers = timers;
    this.jobs = jobs;
  }

  /** For the next instance of a task that could begin now, were there room. */
  List<Remedy> of(TaskRun task) {
    if (task.job.isPaused()) {
      return resume(task);
    }
    return placer
        .offering(task)
        .filter(queue -> task.mayBegin() && !placer.isRivalled(task) && !isScattered(task.job))
        .filter(queue -> isHeldBack(task, queue))
        .map(queue -> inTheCluster(task, queue))
        .orElse(List.of());
  }

  /** Of all changes that one alone would do, if there is room. */
  private List<Remedy> resume(TaskRun task) {
    return placer
        .offering(task)
        .filter(queue -> task.mayBeginOnceResumed() && !placer.isRivalled(task))
        .filter(queue -> !isScattered(task.job) && !placer.hasRivals(task.job))
        .filter(queue -> beginsOnceResumed(task, queue))
        .<List<Remedy>>map(queue -> List.of(new Remedy.Resume()))
        .orElse(List.of());
  }

  /** What begins by itself does so before the resume is durable, whatever its priority. */
  private boolean beginsOnceResumed(TaskRun task, ClusterQueue<TaskRun> queue) {
    int lowest = driven && placer.isStale() ? 0 : task.job.priority;
    Rehearsal pass = new Rehearsal.Cast(queue, task).from(lowest).ready();
    return pass.play().resume().play().begins();
  }

  /** Where more is about to begin anyway, nothing has to be changed yet. */
  private boolean isHeldBack(TaskRun task, ClusterQueue<TaskRun> queue) {
    Rehearsal pass = new Rehearsal.Cast(queue, task).ready().play();
    return !pass.begins() && !(driven && placer.isStale() && pass.beginsAnything());
  }

  private List<Remedy> inTheCluster(TaskRun task, ClusterQueue<TaskRun> queue) {
    List<Remedy> found = new ArrayList<>();
    taskCap(task, queue).ifPresent(found::add);
    jobCap(task, queue).ifPresent(found::add);
    priority(task, queue).ifPresent(found::add);
    named(task, queue).ifPresent(found::add);
    new Endings(task, queue).find().ifPresent(found::add);
    enlarge(task, queue).ifPresent(found::add);
    return found;
  }

  // ---- time ----

  /**
   * Says whether an instance would begin as soon as its pause is over, if nothing else happened.
   */
  boolean beginsAfterPause(LiveInstance instance) {
    List<LiveInstance> over =
        timers.retriesUntil(instance.retryAt.orElseThrow().nanos()).stream()
            .flatMap(failed -> Stream.ofNullable(jobs.live(failed)))
            .filter(each -> each.state() == State.WAITING && !each.isActive())
            .toList();
    return placer
        .offering(instance.task)
        .filter(queue -> instance.task.mayBegin() && !placer.isRivalled(instance.task))
        .filter(queue -> over.stream().noneMatch(each -> isScattered(each.task.job)))
        .filter(
            queue -> over.stream().noneMatch(each -> placer.areRivals(each.task, instance.task)))
        .map(queue -> allBegin(instance.task, over, queue))
        .orElse(false);
  }

  /** Whether all instances of a task begin that wait or whose pauses are over; it is the last. */
  private static boolean allBegin(
      TaskRun task, List<LiveInstance> over, ClusterQueue<TaskRun> queue) {
    List<LiveInstance> here =
        over.stream().filter(each -> each.task.plan.cluster().equals(task.plan.cluster())).toList();
    Rehearsal.Cast cast = new Rehearsal.Cast(queue, task);
    here.forEach(each -> cast.with(each.task.job));
    Rehearsal rehearsal = cast.ready();
    here.forEach(each -> rehearsal.pauseOver(each.task));
    long ofTask = here.stream().filter(each -> each.task == task).count();
    return rehearsal.play().begun() >= task.inLine() + ofTask;
  }

  // ---- bounds and priority ----

  private Optional<Remedy> taskCap(TaskRun task, ClusterQueue<TaskRun> queue) {
    if (!task.isCapped() || task.job.isCapped()) {
      return Optional.empty();
    }
    int to = task.running() + 1;
    boolean does =
        new Rehearsal.Cast(queue, task).ready().setTaskCap(OptionalInt.of(to)).play().begins();
    return does ? Optional.of(new Remedy.RaiseTaskCap(to)) : Optional.empty();
  }

  /** With less than begins up to the first of the task the job comes to its bound before that. */
  private Optional<Remedy> jobCap(TaskRun task, ClusterQueue<TaskRun> queue) {
    if (task.isCapped() || !task.job.isCapped()) {
      return Optional.empty();
    }
    Rehearsal unbounded =
        new Rehearsal.Cast(queue, task).ready().setJobCap(OptionalInt.empty()).play();
    return unbounded.begins()
        ? Optional.of(new Remedy.RaiseJobCap(task.job.running + unbounded.begunOfJob()))
        : Optional.empty();
  }

  /**
   * What is bounded over several clusters cannot be tried in one of them: the others may let
   * something of the job begin before.
   */
  private static boolean isScattered(JobRun job) {
    return job.maxRunning.isPresent()
        && job.tasks.stream().map(each -> each.plan.cluster()).distinct().count() > 1;
  }

  /** Between two priorities at which something waits it does not matter which one it is. */
  private Optional<Remedy> priority(TaskRun task, ClusterQueue<TaskRun> queue) {
    if (task.isCapped() || task.job.isCapped()) {
      return Optional.empty();
    }
    int present = task.job.priority;
    TreeSet<Integer> worthTrying = new TreeSet<>();
    worthTrying.add(present + 1);
    for (int other : queue.priorities()) {
      worthTrying.add(other);
      worthTrying.add(other + 1);
    }
    return worthTrying.tailSet(present, false).headSet(JobDescription.MAX_PRIORITY, true).stream()
        .limit(MOST_PRIORITIES)
        .filter(
            to -> new Rehearsal.Cast(queue, task).from(to).ready().setPriority(to).play().begins())
        .findFirst()
        .map(Remedy.RaisePriority::new);
  }

  // ---- capacity ----

  /**
   * More of the one resource of the engine of which there is too little, if that alone would do.
   */
  private static Optional<Remedy> named(TaskRun task, ClusterQueue<TaskRun> queue) {
    for (Map.Entry<String, Integer> each : task.request().named().entrySet()) {
      String name = each.getKey();
      long lacking = each.getValue() - queue.named().left(name, task);
      long to = queue.named().total(name) + lacking;
      if (lacking > 0 && queue.named().isOfEngine(name) && to <= Resources.MAX_NAMED) {
        return doesWith(task, queue, name, (int) to) && !doesWith(task, queue, name, (int) to - 1)
            ? Optional.of(new Remedy.RaiseNamedResource(name, (int) to))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static boolean doesWith(
      TaskRun task, ClusterQueue<TaskRun> queue, String name, int total) {
    return new Rehearsal.Cast(queue, task).ready().setNamedTotal(name, total).play().begins();
  }

  private static List<Node> byLack(TaskRun task, ClusterQueue<TaskRun> queue) {
    Resources request = task.request();
    return Obstacles.nodesOf(task, queue.pool().nodes()).stream()
        .sorted(Comparator.comparingDouble(node -> node.lack(request)))
        .limit(MOST_NODES)
        .toList();
  }

  private Optional<Remedy> enlarge(TaskRun task, ClusterQueue<TaskRun> queue) {
    for (Node node : byLack(task, queue)) {
      Resources lacking =
          Parts.lacking(node.booked().plus(task.request().ofNode()), node.capacity());
      if (!lacking.equals(Resources.NONE)
          && doesLarger(task, queue, node, lacking)
          && Parts.all().stream()
              .filter(part -> part.of(lacking) > 0)
              .noneMatch(part -> doesLarger(task, queue, node, lacking.minus(part.unit())))) {
        return Optional.of(new Remedy.EnlargeNode(node.name(), lacking));
      }
    }
    return Optional.empty();
  }

  private static boolean doesLarger(
      TaskRun task, ClusterQueue<TaskRun> queue, Node node, Resources by) {
    return new Rehearsal.Cast(queue, task).enlarge(node, by).ready().play().begins();
  }

  // ---- what runs ----

  /** Seeks attempts whose end would do. */
  private final class Endings {
    private final TaskRun task;
    private final ClusterQueue<TaskRun> queue;

    Endings(TaskRun task, ClusterQueue<TaskRun> queue) {
      this.task = task;
      this.queue = queue;
    }

    Optional<Remedy> find() {
      if (task.isCapped()) {
        return one(candidates(task.live.values(), Optional.empty()));
      }
      if (task.job.isCapped()) {
        List<LiveInstance> ofJob = new ArrayList<>();
        task.job.tasks.forEach(each -> ofJob.addAll(each.live.values()));
        return one(candidates(ofJob, Optional.empty()));
      }
      for (String name : task.request().named().keySet()) {
        if (queue.named().left(name, task) < task.request().named().get(name)) {
          List<LiveInstance> users = candidates(placer.holders(name), Optional.empty());
          return one(users).or(() -> several(users));
        }
      }
      List<Node> nodes = byLack(task, queue);
      List<List<LiveInstance>> onNodes =
          nodes.stream()
              .map(node -> candidates(placer.occupants(node), Optional.of(node)))
              .toList();
      return onNodes.stream()
          .map(this::one)
          .flatMap(Optional::stream)
          .findFirst()
          .or(() -> onNodes.stream().map(this::several).flatMap(Optional::stream).findFirst());
    }

    /**
     * What can end well, and whose end gives other clusters nothing to begin with, the smallest
     * first.
     */
    private List<LiveInstance> candidates(Collection<LiveInstance> all, Optional<Node> node) {
      Resources measure = node.map(Node::capacity).orElse(task.request());
      return all.stream()
          .filter(each -> each.state() == State.RUNNING && !each.cancelled)
          .filter(each -> !isScattered(each.task.job) && !placer.isRivalled(each.task))
          .filter(each -> each.task.plan.cluster().equals(task.plan.cluster()))
          .sorted(
              Comparator.comparingDouble(
                      (LiveInstance each) -> Parts.largestPart(each.request, measure))
                  .thenComparing(LiveInstance::attemptId))
          .limit(MOST_ATTEMPTS)
          .toList();
    }

    private Optional<Remedy> one(List<LiveInstance> candidates) {
      return candidates.stream()
          .filter(each -> wouldDo(List.of(each)))
          .findFirst()
          .map(each -> new Remedy.EndAttempts(List.of(each.attemptId())));
    }

    /** All of them, and then without each that can be spared, the smallest first. */
    private Optional<Remedy> several(List<LiveInstance> candidates) {
      if (candidates.size() < 2 || !wouldDo(candidates)) {
        return Optional.empty();
      }
      List<LiveInstance> needed = new ArrayList<>(candidates);
      boolean spared = true;
      while (spared) {
        spared = spareOne(needed);
      }
      return Optional.of(
          new Remedy.EndAttempts(needed.stream().map(LiveInstance::attemptId).sorted().toList()));
    }

    private boolean spareOne(List<LiveInstance> needed) {
      for (LiveInstance each : List.copyOf(needed)) {
        List<LiveInstance> without = new ArrayList<>(needed);
        without.remove(each);
        if (wouldDo(without)) {
          needed.remove(each);
          return true;
        }
      }
      return false;
    }

    private boolean wouldDo(List<LiveInstance> ended) {
      Rehearsal.Cast cast = new Rehearsal.Cast(queue, task);
      ended.forEach(each -> cast.with(each.task.job));
      Rehearsal rehearsal = cast.ready();
      ended.forEach(rehearsal::end);
      return rehearsal.play().begins();
    }
  }
}
