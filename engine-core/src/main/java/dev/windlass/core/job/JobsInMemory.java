package dev.windlass.core.job;

import dev.windlass.core.graph.TaskGraph;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The jobs in memory: from submission, restart or the opening of the engine until they are over.
 * Makes them, with all their tasks, and finds what is in them.
 */
final class JobsInMemory {
  private final Map<JobId, JobRun> jobs = new HashMap<>();
  private final Planner planner;

  /** What a task means; empty if its cluster or executor is not there. */
  @FunctionalInterface
  interface Planner {
    Optional<TaskPlan> plan(JobId job, TaskName name, TaskDescription task);
  }

  JobsInMemory(Planner planner) {
    this.planner = planner;
  }

  int count() {
    return jobs.size();
  }

  boolean has(JobId id) {
    return jobs.containsKey(id);
  }

  @Nullable JobRun get(JobId id) {
    return jobs.get(id);
  }

  void add(JobRun job) {
    jobs.put(job.id, job);
  }

  /** Takes a job out; false if it was not in. */
  boolean remove(JobRun job) {
    return jobs.remove(job.id) != null;
  }

  Collection<JobRun> all() {
    return jobs.values();
  }

  /** The instance whose present attempt this is; null if it has moved on or is not in memory. */
  @Nullable LiveInstance live(AttemptId id) {
    TaskRun task = task(id);
    LiveInstance instance = task == null ? null : task.live.get(id.instance().index());
    return instance != null && instance.attempt == id.number() ? instance : null;
  }

  /** The task of an attempt; null if its job is not in memory or has no such task. */
  @Nullable TaskRun task(AttemptId id) {
    JobRun job = jobs.get(id.job());
    TaskName name = id.instance().task();
    if (job == null || !job.description.tasks().containsKey(name)) {
      return null;
    }
    return job.tasks.get(job.graph.number(name));
  }

  /** A job that was just submitted. Not added yet. */
  static JobRun submitted(Input.Submit submit, Now now) {
    TaskGraph graph = TaskGraph.of(submit.description());
    return new JobRun(submit.job(), submit.sequence(), submit.description(), graph, now.wall());
  }

  /** A job as the store holds it, without its tasks. Not added yet. */
  static JobRun stored(StoredJob stored) {
    JobRun job =
        new JobRun(
            stored.job().id(),
            stored.job().sequence(),
            stored.description(),
            TaskGraph.of(stored.description()),
            stored.job().created());
    job.restore(stored.job());
    return job;
  }

  /** Makes a job's tasks; false if a cluster or executor is not there. */
  boolean makeTasks(JobRun job) {
    boolean complete = true;
    List<TaskName> order = List.copyOf(job.description.tasks().keySet());
    Map<TaskName, Integer> ordinals = new HashMap<>();
    order.forEach(name -> ordinals.put(name, ordinals.size()));
    for (int number = 0; number < job.graph.size(); number++) {
      TaskName name = job.graph.name(number);
      TaskDescription description = job.task(name);
      Optional<TaskPlan> plan = planner.plan(job.id, name, description);
      complete &= plan.isPresent();
      int ordinal = Objects.requireNonNull(ordinals.get(name), "ordinal");
      TaskRun task =
          new TaskRun(
              job, number, ordinal, plan.orElseGet(() -> orphan(job.id, name, description)));
      job.tasks.add(task);
    }
    for (TaskRun task : job.tasks) {
      task.waitPerInstanceFor(
          task.plan.task().perInstance().stream()
              .map(name -> job.tasks.get(job.graph.number(name)))
              .toList());
      task.unfinishedPredecessors = wholePredecessors(task);
    }
    return complete;
  }

  /** How many tasks a task waits for as a whole. */
  private static int wholePredecessors(TaskRun task) {
    return task.job.graph.predecessorCount(task.number) - task.plan.task().perInstance().size();
  }

  /** A plan for a task whose cluster is gone: enough to end it, never enough to place it. */
  private static TaskPlan orphan(JobId job, TaskName name, TaskDescription task) {
    return new TaskPlan(job, name, task, new ClusterName("_gone"), "", Resources.NONE, Map.of());
  }

  /** Puts a job's tasks where the store holds them. */
  static void restoreTasks(JobRun job, StoredJob stored) {
    for (TaskRun task : job.tasks) {
      int i = task.ordinal;
      task.restore(stored.tasks().get(i), stored.again().get(i), stored.begun().get(i));
    }
  }

  /** Works out for each task what it still waits for, once all tasks are restored. */
  static void restoreWaiting(JobRun job, StoredJob stored) {
    for (TaskRun task : job.tasks) {
      task.unfinishedPredecessors = wholePredecessors(task);
      task.unmetConditions = 0;
    }
    for (TaskRun task : job.tasks) {
      task.restoreGate(stored); // predecessors come first
      if (task.state().isEnded()) {
        successors(task).forEach(successor -> successor.predecessorEnded(task));
      }
    }
  }

  /** The tasks that wait for a task as a whole. */
  static List<TaskRun> successors(TaskRun task) {
    return Arrays.stream(task.job.graph.successors(task.number))
        .mapToObj(task.job.tasks::get)
        .filter(successor -> !successor.waitsPerInstanceFor(task))
        .toList();
  }
}
