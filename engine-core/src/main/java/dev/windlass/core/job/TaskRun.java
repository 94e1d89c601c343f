package dev.windlass.core.job;

import dev.windlass.Counts;
import dev.windlass.core.job.Tables.TaskEvent;
import dev.windlass.core.schedule.ReadyJob;
import dev.windlass.core.schedule.ReadyTask;
import dev.windlass.job.Condition;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * A task of a job in memory.
 *
 * <p>Its waiting instances are a cursor (all indexes from it on never had an attempt), a set of
 * indexes that are to run again, and a queue of those whose pause after a failure is over. None of
 * them is an object before it is placed; so a task of ten million instances costs what a task of
 * one costs.
 */
final class TaskRun implements ReadyTask {

  /** Sets of indexes are compacted this often: as many as one container of the set holds. */
  private static final int COMPACTED_EVERY = 1 << 16;

  final JobRun job;

  /** The task's number in the job's graph: predecessors have smaller ones. */
  final int number;

  /** Its position in the description, by which the store knows it. */
  final int ordinal;

  final TaskPlan plan;
  final long remainingPath;
  final int instanceCount;

  /** It runs when all other tasks of the job have ended. */
  final boolean isFinal;

  private State state = State.WAITING;
  Optional<Instant> started = Optional.empty();
  Optional<Instant> ended = Optional.empty();

  /** True once all predecessors that are waited for as a whole have ended and that is durable. */
  boolean open;

  int unfinishedPredecessors;

  /** Of the predecessors that have ended those that did not end as this task's conditions want. */
  int unmetConditions;

  /** When its instances could begin, in the life of this core. */
  Optional<Instant> openedAt = Optional.empty();

  OptionalInt maxRunning;
  private Optional<RetryPolicy> changedRetry = Optional.empty();
  int attemptBase;
  int lastAttempt;

  /** What was learnt from attempts with too little memory; 0 if none had. */
  private long learnedMemoryBytes;

  /** As much of that as is durable: what a restart finds running has booked no more. */
  private long memoryBytes;

  private int running;
  int finished;
  int failed;
  int stopped;

  private int cursor;
  private final RoaringBitmap again = new RoaringBitmap();
  private final Deque<LiveInstance> retryReady = new ArrayDeque<>();

  /** What it waits for instance by instance; null if it does not. */
  private @Nullable InstanceGate gate;

  /** The tasks that wait for this one instance by instance. */
  final List<TaskRun> perInstanceAfter = new ArrayList<>();

  /** Which instances have finished, as far as that is durable; only if others wait for them. */
  final RoaringBitmap finishedDurably = new RoaringBitmap();

  /** Instances with an attempt under way or a pause before the next, by index. */
  final Map<Integer, LiveInstance> live = new HashMap<>();

  TaskRun(JobRun job, int number, int ordinal, TaskPlan plan) {
    this.job = job;
    this.number = number;
    this.ordinal = ordinal;
    this.plan = plan;
    this.remainingPath = job.graph.longestRemainingPath(number);
    this.instanceCount = plan.task().instanceCount();
    this.maxRunning = plan.task().maxRunning();
    this.isFinal = job.description.finalTask().equals(Optional.of(plan.name()));
  }

  /** The tasks for which this one waits instance by instance, if there are any. */
  void waitPerInstanceFor(List<TaskRun> before) {
    if (!before.isEmpty()) {
      gate = new InstanceGate(before);
      before.forEach(task -> task.perInstanceAfter.add(this));
    }
  }

  /** Says whether this task waits for another instance by instance, and not for its end. */
  boolean waitsPerInstanceFor(TaskRun before) {
    return plan.task().perInstance().contains(before.plan.name());
  }

  State state() {
    return state;
  }

  void apply(TaskEvent event) {
    state = Tables.TASK.next(state, event);
  }

  /** Takes up what the store holds. */
  void restore(TaskRecord record, RoaringBitmap toRunAgain, int begun) {
    state = record.state();
    maxRunning = record.maxRunning();
    changedRetry = record.retry();
    started = record.started();
    ended = record.ended();
    attemptBase = record.attemptBase();
    lastAttempt = record.lastAttempt();
    learnedMemoryBytes = record.learnedMemoryBytes();
    memoryBytes = learnedMemoryBytes;
    running = record.running();
    job.running += running;
    finished = record.finished();
    failed = record.failed();
    stopped = record.stopped();
    cursor = begun;
    again.or(toRunAgain);
  }

  /** Takes up which instances other tasks wait for, and which of its own may begin. */
  void restoreGate(StoredJob stored) {
    finishedDurably.or(stored.finished().get(ordinal));
    if (gate != null) {
      RoaringBitmap taken = RoaringBitmap.bitmapOfRange(0L, cursor);
      taken.andNot(again);
      gate.restore(stored, taken);
    }
  }

  /**
   * Says whether the task has finished without instances that were left out, and their turn comes
   * now that the task before runs again. Tasks before are restarted first.
   */
  boolean missesWhatRunsAgain() {
    return state == State.FINISHED && stopped > 0 && gate != null && gate.isAnyBeforeOpen();
  }

  /**
   * All that did not finish waits again, with new attempt numbers.
   *
   * @param finishedToo also what had finished
   */
  void restart(boolean finishedToo) {
    apply(state == State.FINISHED ? TaskEvent.REPEATED : TaskEvent.RESTARTED);
    if (finishedToo) {
      again.add(0L, (long) cursor);
      finished = 0;
    }
    attemptBase = lastAttempt;
    failed = 0;
    stopped = 0;
    started = Optional.empty();
    ended = Optional.empty();
  }

  @Override
  public ReadyJob job() {
    return job;
  }

  @Override
  public long remainingPath() {
    return remainingPath;
  }

  @Override
  public int ordinal() {
    return ordinal;
  }

  @Override
  public String executor() {
    return plan.executor();
  }

  /** An instance runs now. */
  void began() {
    running++;
    job.running++;
  }

  /** An instance that ran waits again, or has ended. */
  void left() {
    running--;
    job.running--;
  }

  @Override
  public Resources request() {
    Resources request = plan.request();
    return memoryBytes > request.memoryBytes() ? request.withMemory(memoryBytes) : request;
  }

  /** What an attempt is to book at least, as far as is known. */
  long learnedMemoryBytes() {
    return learnedMemoryBytes;
  }

  /** An attempt needs at least as much. */
  void learnMemory(long bytes) {
    learnedMemoryBytes = Math.max(learnedMemoryBytes, bytes);
  }

  /** What was learnt is durable. */
  void useLearnedMemory() {
    memoryBytes = learnedMemoryBytes;
  }

  /** How many instances run. */
  int running() {
    return running;
  }

  int waiting() {
    return instanceCount - running - finished - failed - stopped;
  }

  Counts counts() {
    return new Counts(waiting(), running, finished, failed, stopped);
  }

  /** Says whether more instances have failed than is tolerated. */
  boolean hasFailed() {
    return failed > plan.task().tolerance().of(instanceCount);
  }

  /**
   * A predecessor of this task has ended, in this life of the job or an earlier one.
   *
   * @param before has ended
   */
  void predecessorEnded(TaskRun before) {
    unfinishedPredecessors--;
    if (!isMetBy(before)) {
      unmetConditions++;
    }
  }

  private boolean isMetBy(TaskRun before) {
    Condition condition = plan.task().conditions().get(before.plan.name());
    if (condition == null) {
      boolean goesOn = job.description.onFailure() == FailurePolicy.GO_ON;
      return before.state == State.FINISHED || (goesOn && before.state == State.FAILED);
    }
    return switch (condition) {
      case SUCCESS -> before.state == State.FINISHED;
      case FAILURE -> before.state == State.FAILED;
      case ALWAYS -> true;
    };
  }

  /** Says whether all instances have ended or can never begin. */
  boolean allEnded() {
    return finished + failed + stopped + leftOut() == instanceCount;
  }

  /**
   * How many instances can never begin, and wait for nothing but the end of the task. In a job that
   * is ending none: what they wait for may run again after a restart of the job.
   */
  int leftOut() {
    return gate == null || job.isEnding() ? 0 : gate.leftOut();
  }

  /**
   * An instance has finished durably, and others wait for it.
   *
   * @return false if that is known already
   */
  boolean noteFinished(int index) {
    boolean news = finishedDurably.checkedAdd(index);
    if (index % COMPACTED_EVERY == COMPACTED_EVERY - 1) {
      finishedDurably.runOptimize();
    }
    return news;
  }

  /** Says whether the cluster and the executor of the task are there. */
  boolean hasPlace() {
    return !plan.executor().isEmpty();
  }

  int activeAttempts() {
    return (int) live.values().stream().filter(LiveInstance::isActive).count();
  }

  /**
   * The instance of this index of a task before this one has finished durably.
   *
   * @return whether the instance of this task may begin now
   */
  boolean finishedBefore(int index) {
    return gate != null && !state.isEnded() && gate.finishedBefore(index);
  }

  /**
   * Instances of a task before this one, of these indexes, will never have finished.
   *
   * @return those that can never begin for this reason
   */
  RoaringBitmap leaveOut(RoaringBitmap indexes) {
    return gate == null || state.isEnded() ? new RoaringBitmap() : gate.leaveOut(indexes);
  }

  /** Which instances have not finished. */
  RoaringBitmap unfinished() {
    RoaringBitmap indexes = RoaringBitmap.bitmapOfRange(0L, instanceCount);
    indexes.andNot(finishedDurably);
    return indexes;
  }

  /**
   * Which instances will never have finished, as the task stands after a restart of the engine or
   * of its job.
   *
   * @param failed those that failed for good
   */
  RoaringBitmap neverToFinish(RoaringBitmap failed) {
    if (state.isEnded()) {
      return unfinished();
    }
    RoaringBitmap indexes = gate == null ? new RoaringBitmap() : gate.indexesLeftOut();
    indexes.or(failed);
    return indexes;
  }

  @Override
  public boolean isReady() {
    return mayBegin() && hasWaiting() && !isCapped();
  }

  /** How its instances are tried again. */
  RetryPolicy retry() {
    return changedRetry.orElse(plan.task().retry());
  }

  /** Its instances are tried again in another way; the tries of single rules begin anew. */
  void setRetry(RetryPolicy policy) {
    changedRetry = Optional.of(policy);
    live.values().forEach(instance -> instance.spent = instance.spent.withoutRules());
  }

  boolean isCapped() {
    return maxRunning.isPresent() && running >= maxRunning.getAsInt();
  }

  private boolean hasWaiting() {
    return !retryReady.isEmpty()
        || (gate == null ? !again.isEmpty() || cursor < instanceCount : gate.hasReady());
  }

  /** Says whether its instances may begin, as far as its job and the tasks before it go. */
  boolean mayBegin() {
    return mayBeginOnceResumed() && !job.isHeld();
  }

  /** The same, were its job not paused. */
  boolean mayBeginOnceResumed() {
    return open && !job.state().isEnded() && (isFinal || !job.isEnding()) && !state.isEnded();
  }

  /** How many instances wait for nothing but their turn, or for what their whole task waits for. */
  int inLine() {
    int others = gate == null ? again.getCardinality() + instanceCount - cursor : gate.readyCount();
    return retryReady.size() + others;
  }

  /** What its instances wait for one by one; null if it waits for no task so. */
  @Nullable InstanceGate gate() {
    return gate;
  }

  /** Where an instance stands in that line, from 0; empty if it does not. */
  OptionalInt placeInLine(int index) {
    int retries = 0;
    for (LiveInstance retry : retryReady) {
      if (retry.id.index() == index) {
        return OptionalInt.of(retries);
      }
      retries++;
    }
    if (gate != null) {
      OptionalInt place = gate.placeOf(index);
      return place.isPresent() ? OptionalInt.of(retries + place.getAsInt()) : place;
    }
    if (again.contains(index)) {
      return OptionalInt.of(retries + again.rank(index) - 1);
    }
    return index >= cursor && index < instanceCount
        ? OptionalInt.of(retries + again.getCardinality() + index - cursor)
        : OptionalInt.empty();
  }

  /** The first in that line. */
  int firstInLine() {
    LiveInstance retry = retryReady.peek();
    if (retry != null) {
      return retry.id.index();
    }
    if (gate != null) {
      return gate.first();
    }
    return again.isEmpty() ? cursor : again.first();
  }

  /**
   * Takes the next instance that is to be placed: retries first, then what runs again, then the
   * new.
   */
  LiveInstance takeNext() {
    LiveInstance retry = retryReady.poll();
    if (retry != null) {
      return retry;
    }
    int index;
    if (gate != null) {
      index = gate.take();
    } else if (!again.isEmpty()) {
      index = again.first();
      again.remove(index);
    } else {
      index = cursor++;
    }
    LiveInstance instance = new LiveInstance(this, index);
    live.put(index, instance);
    return instance;
  }

  /** Says whether an index had an attempt before, so that the store holds a record of it. */
  boolean hasRecord(LiveInstance instance) {
    return instance.attempt > 0 || attemptBase > 0;
  }

  int nextAttempt(LiveInstance instance) {
    int number = (instance.attempt > 0 ? instance.attempt : attemptBase) + 1;
    lastAttempt = Math.max(lastAttempt, number);
    return number;
  }

  void retryNow(LiveInstance instance) {
    instance.inLine = true;
    retryReady.add(instance);
  }

  /**
   * Takes an instance out of the waiting ones because an attempt of it was found.
   *
   * @return the instance, or null if it does not wait
   */
  @Nullable LiveInstance takeForAdoption(int index) {
    LiveInstance known = live.get(index);
    if (known != null) {
      boolean waits = known.state() == State.WAITING;
      retryReady.remove(known);
      return waits ? known : null;
    }
    if (gate != null) {
      if (!gate.take(index)) {
        return null;
      }
    } else if (again.contains(index)) {
      again.remove(index);
    } else if (index >= cursor && index < instanceCount) {
      again.add((long) cursor, (long) index);
      cursor = index + 1;
    } else {
      return null;
    }
    LiveInstance instance = new LiveInstance(this, index);
    live.put(index, instance);
    return instance;
  }

  /** All that waits is stopped. */
  void stopWaiting() {
    stopped += waiting();
    again.clear();
    retryReady.clear();
    cursor = instanceCount;
    if (gate != null) {
      gate.close();
    }
  }

  TaskRecord record() {
    return new TaskRecord(
        job.id,
        job.sequence,
        ordinal,
        state,
        maxRunning,
        changedRetry,
        started,
        ended,
        attemptBase,
        lastAttempt,
        learnedMemoryBytes,
        running,
        finished,
        failed,
        stopped);
  }
}
