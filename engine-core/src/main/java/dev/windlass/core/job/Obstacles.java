package dev.windlass.core.job;

import static java.util.Objects.requireNonNull;
import static java.util.function.Predicate.not;

import dev.windlass.core.schedule.ClusterQueue;
import dev.windlass.core.schedule.Node;
import dev.windlass.core.schedule.Parts;
import dev.windlass.job.Resources;
import dev.windlass.why.Holder;
import dev.windlass.why.Precedence;
import dev.windlass.why.Predecessor;
import dev.windlass.why.Reason;
import dev.windlass.why.Shortage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Why the next instance of a task does not begin. */
final class Obstacles {
  private final Placer placer;

  /** False if nobody ends the core's turns: it was made to be looked at. */
  private final boolean driven;

  Obstacles(Placer placer, boolean driven) {
    this.placer = placer;
    this.driven = driven;
  }

  /** At least one reason; what must come first stands first. */
  List<Reason> of(TaskRun task) {
    JobRun job = task.job;
    if (job.isEnding() && !task.isFinal) {
      return List.of(new Reason.JobIsEnding(job.message()));
    }
    if (job.resuming) {
      return List.of(new Reason.StoreBehind());
    }
    List<Reason> reasons = new ArrayList<>();
    job.paused.ifPresent(reason -> reasons.add(new Reason.JobPaused(reason)));
    List<Predecessor> before = predecessors(task);
    if (!before.isEmpty() && !task.open) {
      reasons.add(new Reason.WaitsForTasks(before));
    }
    if (!reasons.isEmpty()) {
      return reasons;
    }
    if (!task.mayBegin()) {
      return List.of(new Reason.NotYetRecorded());
    }
    return placer
        .offering(task)
        .map(queue -> inTheCluster(task, queue))
        .orElseGet(() -> List.of(new Reason.ExecutorNotReady(task.executor())));
  }

  private static List<Predecessor> predecessors(TaskRun task) {
    List<Predecessor> found = new ArrayList<>();
    for (TaskRun before : task.job.tasks) {
      if (!before.state().isEnded() && isBefore(before, task)) {
        found.add(
            new Predecessor(
                before.plan.name(), before.state(), before.waiting(), before.running()));
      }
    }
    return found;
  }

  /** Its final task comes after all others of a job. */
  private static boolean isBefore(TaskRun before, TaskRun task) {
    if (task.isFinal) {
      return before != task;
    }
    return task.job
        .description
        .dependencies()
        .getOrDefault(before.plan.name(), Set.of())
        .contains(task.plan.name());
  }

  private List<Reason> inTheCluster(TaskRun task, ClusterQueue<TaskRun> queue) {
    Rehearsal pass = new Rehearsal.Cast(queue, task).ready().play();
    if (driven && placer.isStale() && pass.beginsAnything()) {
      return List.of(new Reason.StoreBehind());
    }
    if (pass.begins()) {
      return List.of(new Reason.NothingInTheWay());
    }
    List<Reason> reasons = new ArrayList<>();
    StandIn standIn = pass.afterwards();
    if (standIn.job.isCapped()) {
      reasons.add(
          new Reason.JobCapReached(standIn.job.maxRunning.orElseThrow(), standIn.job.running));
    }
    if (standIn.isCapped()) {
      reasons.add(new Reason.TaskCapReached(standIn.maxRunning.orElseThrow(), standIn.running()));
    }
    if (!reasons.isEmpty()) {
      pass =
          new Rehearsal.Cast(queue, task)
              .ready()
              .setJobCap(OptionalInt.empty())
              .setTaskCap(OptionalInt.empty())
              .play();
      if (pass.begins()) {
        return reasons;
      }
    }
    named(task, queue, pass).ifPresent(reasons::add);
    boolean named = reasons.stream().anyMatch(each -> each instanceof Reason.NamedResourcesShort);
    placesOf(task, pass, !named, reasons);
    if (pass.holds()) {
      reasons.add(new Reason.HoldsReservation(pass.reserved().map(Node::name)));
    }
    others(task, queue).ifPresent(reasons::add);
    return reasons;
  }

  // ---- the nodes ----

  private Optional<Reason> named(TaskRun task, ClusterQueue<TaskRun> queue, Rehearsal pass) {
    List<Shortage> shortages = new ArrayList<>();
    task.request()
        .named()
        .forEach(
            (name, asked) -> {
              long free = Math.max(0, pass.left(name));
              if (asked > free) {
                shortages.add(new Shortage(name, asked, free, queue.named().total(name)));
              }
            });
    if (shortages.isEmpty()) {
      return Optional.empty();
    }
    String first = shortages.get(0).resource();
    List<Holder> holders =
        placer.holders(first).stream()
            .filter(
                each ->
                    queue.named().isOfEngine(first)
                        || each.task.plan.cluster().equals(task.plan.cluster()))
            .map(each -> new Holder(each.attemptId(), each.request))
            .sorted(
                Comparator.comparingInt(
                        (Holder holder) -> -holder.booked().named().getOrDefault(first, 0))
                    .thenComparing(Holder::attempt))
            .toList();
    int shown = Math.min(holders.size(), Reason.ResourcesShort.MOST_HOLDERS);
    return Optional.of(
        new Reason.NamedResourcesShort(
            shortages, holders.subList(0, shown), holders.size() - shown));
  }

  /**
   * Why no node takes it, if none does.
   *
   * @param nothingElse true if nothing but the nodes can be the reason
   */
  private void placesOf(TaskRun task, Rehearsal pass, boolean nothingElse, List<Reason> reasons) {
    Resources request = task.request().ofNode();
    List<Node> nodes = nodesOf(task, pass.nodes());
    List<Node> able =
        nodes.stream()
            .filter(node -> node.capacity().covers(request))
            .sorted(Comparator.comparingDouble(node -> node.lack(request)))
            .toList();
    if (able.isEmpty()) {
      reasons.add(
          nearest(nodes, request)
              .map(node -> tooLarge(node, request))
              .orElseGet(() -> new Reason.NoNodes(task.plan.cluster(), task.executor())));
      return;
    }
    Map<Node, TaskRun> closed = pass.closed();
    Optional<Node> kept = able.stream().filter(closed::containsKey).findFirst();
    Optional<Node> open =
        pass.reserved()
            .filter(not(closed::containsKey)) // a higher priority may keep the same node
            .or(() -> able.stream().filter(not(closed::containsKey)).findFirst());
    if (open.isPresent() && open.get().fits(request)) {
      if (nothingElse) {
        reasons.add(new Reason.NotLookedAt(ClusterQueue.DEPTH));
      }
      return;
    }
    kept.filter(node -> open.isEmpty() || node.fits(request))
        .ifPresent(node -> reasons.add(reserved(node, requireNonNull(closed.get(node), "holder"))));
    open.or(() -> kept)
        .filter(node -> !node.fits(request))
        .ifPresent(node -> reasons.add(shortOn(node, request)));
  }

  /** The nodes on which a task can be placed, were there room. */
  static List<Node> nodesOf(TaskRun task, Collection<Node> nodes) {
    return nodes.stream()
        .filter(node -> node.isOpen() && node.executor().equals(task.executor()))
        .toList();
  }

  /** The node that offers most of what a request asks for, if none offers enough. */
  private static Optional<Node> nearest(List<Node> nodes, Resources request) {
    return nodes.stream()
        .min(
            Comparator.comparingDouble(
                node ->
                    Parts.largestPart(Parts.lacking(request, node.capacity()), node.capacity())));
  }

  private static Reason tooLarge(Node node, Resources request) {
    return new Reason.TooLarge(node.name(), shortages(node, Resources.NONE, request));
  }

  private static Reason reserved(Node node, TaskRun holder) {
    return new Reason.NodeReserved(
        node.name(), holder.job.id, holder.plan.name(), holder.job.priority);
  }

  private Reason shortOn(Node node, Resources request) {
    List<Holder> holders =
        placer.occupants(node).stream()
            .map(instance -> new Holder(instance.attemptId(), instance.request))
            .sorted(
                Comparator.comparingDouble(
                        (Holder holder) -> -Parts.largestPart(holder.booked(), node.capacity()))
                    .thenComparing(Holder::attempt))
            .toList();
    int shown = Math.min(holders.size(), Reason.ResourcesShort.MOST_HOLDERS);
    return new Reason.ResourcesShort(
        node.name(),
        shortages(node, node.booked(), request),
        holders.subList(0, shown),
        holders.size() - shown);
  }

  private static List<Shortage> shortages(Node node, Resources booked, Resources request) {
    List<Shortage> found = new ArrayList<>();
    for (Parts.Part part : Parts.all()) {
      long capacity = part.of(node.capacity());
      long free = Math.max(0, capacity - part.of(booked));
      if (part.of(request) > free) {
        found.add(new Shortage(part.name(), part.of(request), free, capacity));
      }
    }
    return found;
  }

  // ---- the order ----

  private static Optional<Reason> others(TaskRun task, ClusterQueue<TaskRun> queue) {
    List<TaskRun> order = queue.first(Rehearsal.MOST, task.job.priority);
    int place = order.indexOf(task);
    if (place < 0 && order.size() < Rehearsal.MOST) {
      return Optional.empty(); // its cap keeps it out of the queue
    }
    if (place == 0 || order.isEmpty()) {
      return Optional.empty();
    }
    TaskRun first = order.get(0);
    return Optional.of(
        new Reason.OthersFirst(
            place < 0 ? order.size() : place,
            place < 0,
            first.job.id,
            first.plan.name(),
            precedence(first, task, queue)));
  }

  private static Precedence precedence(TaskRun first, TaskRun task, ClusterQueue<TaskRun> queue) {
    if (first.job.priority != task.job.priority) {
      return Precedence.PRIORITY;
    }
    if (queue.holdsReservation(first)) {
      return Precedence.RESERVATION;
    }
    if (!first.job.share().equals(task.job.share())) {
      return Precedence.SHARE;
    }
    return first.job == task.job ? Precedence.PATH : Precedence.SUBMISSION;
  }
}
