package dev.windlass.core.job;

import dev.windlass.Counts;
import dev.windlass.JobStatus;
import dev.windlass.core.graph.TaskGraph;
import dev.windlass.core.job.Tables.JobEvent;
import dev.windlass.core.schedule.ReadyJob;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** A job in memory: from its submission, restart or recovery until it is over. */
final class JobRun implements ReadyJob {
  final JobId id;
  final long sequence;
  final JobDescription description;
  final TaskGraph graph;
  final List<TaskRun> tasks = new ArrayList<>();
  final Instant created;

  private State state = State.WAITING;
  private String message = "";
  Optional<Instant> started = Optional.empty();
  Optional<Instant> ended = Optional.empty();
  int priority;
  OptionalInt maxRunning;
  int activeAttempts;

  /** Instances that run, over all tasks. */
  int running;

  boolean deleting;

  /** A task has failed; nothing new begins, and the job fails when what runs has ended. */
  private boolean failing;

  /** What users asked for that must wait until the job is over. */
  final List<Input> afterOver = new ArrayList<>();

  JobRun(JobId id, long sequence, JobDescription description, TaskGraph graph, Instant created) {
    this.id = id;
    this.sequence = sequence;
    this.description = description;
    this.graph = graph;
    this.created = created;
    this.priority = description.priority();
    this.maxRunning = description.maxRunning();
  }

  State state() {
    return state;
  }

  @Override
  public int priority() {
    return priority;
  }

  /** The two kinds of names differ in their first character. */
  @Override
  public String share() {
    return description.owner().map(owner -> "@" + owner).orElse(id.value());
  }

  @Override
  public int weight() {
    return description.weight();
  }

  @Override
  public long sequence() {
    return sequence;
  }

  @Override
  public boolean isCapped() {
    return maxRunning.isPresent() && running >= maxRunning.getAsInt();
  }

  /** The only place that changes the state. */
  void apply(JobEvent event, String reason) {
    state = Tables.JOB.next(state, event);
    message = reason;
  }

  /** From now on the job lets finish what runs, and then fails. */
  void beginToFail(String reason) {
    failing = true;
    message = reason;
  }

  boolean isFailing() {
    return failing;
  }

  /** Says whether the job is about to fail and nothing of it runs any more. */
  boolean isDrained() {
    return failing && !state.isEnded() && running == 0;
  }

  /** Takes up what the store holds. */
  void restore(JobRecord record) {
    state = record.state();
    priority = record.priority();
    maxRunning = record.maxRunning();
    message = record.message();
    started = record.started();
    ended = record.ended();
    deleting = record.deleting();
  }

  boolean isOver() {
    return state.isEnded() && activeAttempts == 0;
  }

  boolean allTasksEnded() {
    return tasks.stream().allMatch(task -> task.state().isEnded());
  }

  String message() {
    return message;
  }

  JobRecord record() {
    return new JobRecord(
        id,
        sequence,
        state,
        priority,
        maxRunning,
        message,
        created,
        started,
        ended,
        activeAttempts,
        deleting);
  }

  /** A task of the description. */
  TaskDescription task(TaskName name) {
    return Objects.requireNonNull(description.tasks().get(name), "task");
  }

  JobStatus status() {
    Map<State, Integer> taskCounts = new EnumMap<>(State.class);
    Counts instances = Counts.NONE;
    for (TaskRun task : tasks) {
      taskCounts.merge(task.state(), 1, Integer::sum);
      instances = instances.plus(task.counts());
    }
    return new JobStatus(
        id,
        description.name(),
        state,
        message,
        priority,
        maxRunning,
        created,
        started,
        ended,
        new Counts(
            taskCounts.getOrDefault(State.WAITING, 0),
            taskCounts.getOrDefault(State.RUNNING, 0),
            taskCounts.getOrDefault(State.FINISHED, 0),
            taskCounts.getOrDefault(State.FAILED, 0),
            taskCounts.getOrDefault(State.STOPPED, 0)),
        instances,
        activeAttempts);
  }
}
