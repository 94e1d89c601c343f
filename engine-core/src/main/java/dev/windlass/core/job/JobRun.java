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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

  /** Why a user has paused it: nothing of it begins; empty if it is not paused. */
  Optional<String> paused = Optional.empty();

  /** It was resumed, and that is not durable yet: a restart would find it paused. */
  boolean resuming;

  int activeAttempts;

  /** Instances that run, over all tasks. */
  int running;

  boolean deleting;

  /** How the job is going to end, once that is decided: nothing begins but its final task. */
  private @Nullable Ending ending;

  /** The final task was told that its turn has come. */
  boolean finalTaskCalled;

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

  /** It is decided how the job ends; until then nothing begins but its final task. */
  void beginToEnd(Ending decided) {
    ending = decided;
    message =
        finalTask().map(last -> decided.before(last.plan.name().value())).orElse(decided.reason());
  }

  /** The job ends. */
  void end(Ending decided) {
    ending = null;
    paused = Optional.empty();
    apply(decided.event(), decided.reason());
  }

  /** How the job is going to end; empty while that is open, and once it has ended. */
  Optional<Ending> ending() {
    return Optional.ofNullable(ending);
  }

  boolean isEnding() {
    return ending != null;
  }

  /** It is paused, or was resumed and that is not durable yet. */
  boolean isHeld() {
    return isPaused() || resuming;
  }

  boolean isPaused() {
    return paused.isPresent();
  }

  /** The task that runs when all others have ended. */
  Optional<TaskRun> finalTask() {
    return description.finalTask().map(name -> tasks.get(graph.number(name)));
  }

  /** Says whether all tasks but the final one have ended. */
  boolean othersEnded() {
    return tasks.stream().allMatch(task -> task.isFinal || task.state().isEnded());
  }

  /**
   * Says whether the final task has its turn: how the job ends is decided and stays so, and nothing
   * else of it is active any more.
   */
  boolean isUpToFinalTask() {
    return ending != null
        && !state.isEnded()
        && finalTask().map(last -> last.activeAttempts() == activeAttempts).orElse(false)
        && othersEnded();
  }

  /** Takes up what the store holds. */
  void restore(JobRecord record) {
    state = record.state();
    priority = record.priority();
    maxRunning = record.maxRunning();
    paused = record.paused();
    message = record.message();
    started = record.started();
    ended = record.ended();
    deleting = record.deleting();
    ending = record.ending().orElse(null);
  }

  boolean isOver() {
    return state.isEnded() && activeAttempts == 0;
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
        paused,
        message,
        created,
        started,
        ended,
        activeAttempts,
        deleting,
        ending());
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
        paused,
        description.owner(),
        new TreeMap<>(description.labels()),
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
