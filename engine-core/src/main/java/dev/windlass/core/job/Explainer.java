package dev.windlass.core.job;

import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import dev.windlass.why.InstanceExplanation;
import dev.windlass.why.JobExplanation;
import dev.windlass.why.Reason;
import dev.windlass.why.Remedy;
import dev.windlass.why.TaskExplanation;
import dev.windlass.why.TaskExplanation.Group;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.roaringbitmap.RoaringBitmap;

/**
 * Tells why what waits does not run. It looks at a core between two turns and changes nothing.
 *
 * <p>Instances are not looked at one by one: those that were never tried, or are to be tried again
 * and wait for nothing, stand in one line, and the same holds for all of them.
 */
public final class Explainer {
  private final JobsInMemory jobs;
  private final Obstacles obstacles;
  private final Remedies remedies;
  private final Optional<Now> madeAt;

  /**
   * An explainer of a core.
   *
   * @param madeAt if the core is a copy, whose turns nobody ends: when it was made, and all pauses
   *     began in it
   */
  Explainer(JobsInMemory jobs, Placer placer, Timers timers, Optional<Now> madeAt) {
    this.jobs = jobs;
    this.obstacles = new Obstacles(placer, madeAt.isEmpty());
    this.remedies = new Remedies(placer, timers, jobs, madeAt.isEmpty());
    this.madeAt = madeAt;
  }

  /** Why the tasks of a job do not run; empty if it is not in memory. */
  public Optional<JobExplanation> job(JobId id) {
    JobRun job = jobs.get(id);
    if (job == null) {
      return Optional.empty();
    }
    return Optional.of(
        new JobExplanation(
            id,
            job.tasks.stream()
                .sorted(Comparator.comparingInt(task -> task.ordinal))
                .map(task -> explain(task, false))
                .toList()));
  }

  /** Why the instances of a task do not run; empty if its job is not in memory. */
  public Optional<TaskExplanation> task(JobId job, TaskName name) {
    return find(job, name).map(task -> explain(task, true));
  }

  /** Why an instance does not run; empty if it has ended or its job is not in memory. */
  public Optional<InstanceExplanation> instance(InstanceId id) {
    return find(id.job(), id.task()).flatMap(task -> explain(task, id));
  }

  private Optional<TaskRun> find(JobId id, TaskName name) {
    return Optional.ofNullable(jobs.get(id))
        .filter(job -> job.description.tasks().containsKey(name))
        .map(job -> job.tasks.get(job.graph.number(name)));
  }

  // ---- an instance ----

  private Optional<InstanceExplanation> explain(TaskRun task, InstanceId id) {
    OptionalInt place = task.placeInLine(id.index());
    if (place.isPresent()) {
      return Optional.of(inLine(task, id, place.getAsInt()));
    }
    LiveInstance live = task.live.get(id.index());
    if (live == null) {
      return atTheGate(task, id.index())
          .map(reason -> new InstanceExplanation(id, List.of(reason), List.of()));
    }
    if (live.state().isEnded()) {
      return Optional.empty();
    }
    return Optional.of(
        live.state() == State.RUNNING
            ? new InstanceExplanation(id, List.of(running(live)), List.of())
            : new InstanceExplanation(id, paused(live), remediesOf(live)));
  }

  /** Why an instance waits that has had no attempt and is not in line; empty if it has ended. */
  private static Optional<Reason> atTheGate(TaskRun task, int index) {
    InstanceGate gate = task.gate();
    List<TaskRun> before =
        gate == null || task.state().isEnded() ? List.of() : gate.awaitedBy(index);
    if (gate == null || before.isEmpty()) {
      return Optional.empty();
    }
    if (task.job.isEnding()) {
      return Optional.of(new Reason.JobIsEnding(task.job.message()));
    }
    List<InstanceId> instances =
        before.stream().map(each -> new InstanceId(task.job.id, each.plan.name(), index)).toList();
    return Optional.of(
        gate.isLeftOut(index)
            ? new Reason.LeftOut(instances)
            : new Reason.WaitsForInstances(instances));
  }

  private InstanceExplanation inLine(TaskRun task, InstanceId id, int place) {
    List<Reason> reasons = new ArrayList<>(obstacles.of(task));
    if (place > 0) {
      reasons.removeIf(reason -> reason.kind() == Reason.Kind.NOTHING_IN_THE_WAY);
      reasons.add(new Reason.EarlierInstances(place));
    }
    return new InstanceExplanation(id, reasons, remedies.of(task));
  }

  private static Reason running(LiveInstance live) {
    return new Reason.Running(live.attemptId(), live.nodeName, live.started);
  }

  private List<Reason> paused(LiveInstance live) {
    if (live.task.job.isEnding() && !live.task.isFinal) {
      return List.of(new Reason.JobIsEnding(live.task.job.message()));
    }
    List<Reason> reasons = new ArrayList<>();
    live.task.job.paused.ifPresent(reason -> reasons.add(new Reason.JobPaused(reason)));
    reasons.add(
        live.retryAt.isPresent() && live.outcome.isPresent()
            ? new Reason.BacksOff(pauseOver(live, live.retryAt.get()), live.outcome.get())
            : new Reason.NotYetRecorded());
    return reasons;
  }

  /** In a copy a pause is taken to have begun at the end of the attempt. */
  private Instant pauseOver(LiveInstance live, Now at) {
    return madeAt
        .flatMap(made -> live.ended.map(end -> end.plus(Duration.between(made.wall(), at.wall()))))
        .orElse(at.wall());
  }

  private List<Remedy> remediesOf(LiveInstance paused) {
    return paused
        .retryAt
        .filter(at -> remedies.beginsAfterPause(paused))
        .<List<Remedy>>map(at -> List.of(new Remedy.Wait(pauseOver(paused, at))))
        .orElse(List.of());
  }

  // ---- a task ----

  private TaskExplanation explain(TaskRun task, boolean withRemedies) {
    List<Group> groups = new ArrayList<>();
    if (task.inLine() > 0) {
      groups.add(
          new Group(
              task.inLine(),
              OptionalInt.of(task.firstInLine()),
              obstacles.of(task),
              withRemedies ? remedies.of(task) : List.of()));
    }
    addThoseAtTheGate(task, groups);
    List<LiveInstance> out = new ArrayList<>();
    List<LiveInstance> unrecorded = new ArrayList<>();
    List<LiveInstance> running = new ArrayList<>();
    for (LiveInstance live : task.live.values()) {
      if (live.state() == State.RUNNING) {
        running.add(live);
      } else if (live.state() == State.WAITING && live.retryAt.isEmpty()) {
        unrecorded.add(live);
      } else if (live.state() == State.WAITING && !live.inLine) {
        out.add(live);
      }
    }
    first(out, Comparator.comparingLong(live -> live.retryAt.orElseThrow().nanos()))
        .ifPresent(
            next ->
                groups.add(
                    group(out, next, paused(next), withRemedies ? remediesOf(next) : List.of())));
    first(unrecorded, Comparator.comparingInt(live -> live.id.index()))
        .ifPresent(next -> groups.add(group(unrecorded, next, paused(next), List.of())));
    first(running, Comparator.comparingInt(live -> live.id.index()))
        .ifPresent(one -> groups.add(group(running, one, List.of(running(one)), List.of())));
    ended(groups, State.FINISHED, task.finished);
    ended(groups, State.FAILED, task.failed);
    ended(groups, State.STOPPED, task.stopped);
    return new TaskExplanation(task.job.id, task.plan.name(), groups);
  }

  private static void addThoseAtTheGate(TaskRun task, List<Group> groups) {
    InstanceGate gate = task.gate();
    if (gate == null || task.state().isEnded()) {
      return;
    }
    for (RoaringBitmap indexes : List.of(gate.awaiting(), gate.indexesLeftOut())) {
      if (!indexes.isEmpty()) {
        int example = indexes.first();
        atTheGate(task, example)
            .ifPresent(
                reason ->
                    groups.add(
                        new Group(
                            indexes.getCardinality(),
                            OptionalInt.of(example),
                            List.of(reason),
                            List.of())));
      }
    }
  }

  private static Optional<LiveInstance> first(
      List<LiveInstance> all, Comparator<LiveInstance> order) {
    return all.stream().min(order);
  }

  private static Group group(
      List<LiveInstance> all, LiveInstance one, List<Reason> reasons, List<Remedy> remedies) {
    return new Group(all.size(), OptionalInt.of(one.id.index()), reasons, remedies);
  }

  /** Instances of a task that have ended in a state. */
  private static void ended(List<Group> groups, State state, int count) {
    if (count > 0) {
      groups.add(
          new Group(
              count,
              OptionalInt.empty(),
              List.of(new Reason.Ended(state, Optional.empty(), Optional.empty())),
              List.of()));
    }
  }
}
