package dev.windlass.testkit.simulation.check;

import dev.windlass.JobStatus;
import dev.windlass.event.Event;
import dev.windlass.event.EventListener;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Listens to one life of a host. Each job, task and instance must go from state to state as the
 * design says, and nothing may be told before it is on record.
 */
public final class EventChecker implements EventListener {
  private record Task(JobId job, TaskName name) {}

  private static final Set<State> ENDED = Set.of(State.FINISHED, State.FAILED, State.STOPPED);

  private final Journal journal;
  private final Violations violations;
  private final Records records;
  private final Map<Object, State> last = new HashMap<>();

  private boolean complete = true;

  public EventChecker(Journal journal, Violations violations, Records records) {
    this.journal = journal;
    this.violations = violations;
    this.records = records;
  }

  @Override
  public void onEvent(Event event) {
    journal.write("told " + event);
    switch (event.kind()) {
      case JOB_CHANGED -> {
        Event.JobChanged changed = (Event.JobChanged) event;
        entered(changed.job(), changed.state(), event);
        if (changed.state() == State.WAITING) {
          waitAgain(changed.job());
        }
      }
      case TASK_CHANGED -> {
        Event.TaskChanged changed = (Event.TaskChanged) event;
        entered(new Task(changed.job(), changed.task()), changed.state(), event);
      }
      case INSTANCE_CHANGED -> {
        Event.InstanceChanged changed = (Event.InstanceChanged) event;
        entered(changed.instance(), changed.state(), event);
        checkRecorded(changed);
      }
      case JOB_OPERATED -> operated((Event.JobOperated) event);
      case JOB_DELETED, ATTEMPT_STARTED, ATTEMPT_ENDED, CLUSTER_CHANGED, NODE_CHANGED -> {}
    }
  }

  /**
   * The store has failed: events about what was on its way to it may be missing in the rest of this
   * life. Listeners are told so in {@link EventListener}.
   */
  public void storeFailed() {
    complete = false;
  }

  /** Nothing happens any more: what was told last is what stands. */
  public void checkComplete(JobStatus status) {
    State told = last.get(status.id());
    violations.unless(
        !complete || told == null || told == status.state(),
        "events are complete",
        () -> told + " was told last of " + status);
  }

  private void entered(Object what, State state, Event event) {
    State before = last.put(what, state);
    if (before == null || !complete) {
      return;
    }
    boolean allowed =
        switch (state) {
          // A restarted job begins anew, and an instance is tried again.
          case WAITING -> before == State.RUNNING || ENDED.contains(before);
          case RUNNING -> before == State.WAITING;
          case FINISHED, FAILED ->
              before == State.RUNNING || (before == State.WAITING && !(what instanceof InstanceId));
          case STOPPED -> before == State.RUNNING || before == State.WAITING;
        };
    violations.unless(
        allowed && before != State.FINISHED, "events in order", () -> before + " before " + event);
  }

  /** What has finished may run again if a user wants that, and only then. */
  private void operated(Event.JobOperated event) {
    JobId job = event.job();
    switch (event.operation().kind()) {
      case RESTART_FROM -> {
        last.remove(job);
        last.keySet().removeIf(what -> isOf(what, job));
      }
      case RESTART_FAILED -> {
        last.remove(job);
        last.keySet().removeIf(what -> isOf(what, job) && what instanceof Task);
      }
      case STOP, PAUSE, RESUME, SET_PRIORITY, RESTART, DELETE -> {}
    }
  }

  /**
   * A job was restarted: what of it had not finished waits again, and only the job tells. Its final
   * task may run again although it finished, and so may one that left out instances.
   */
  private void waitAgain(JobId job) {
    records
        .description(job)
        .ifPresent(
            description ->
                last.keySet().removeIf(what -> isOf(what, job) && mayRunAgain(what, description)));
    last.replaceAll(
        (what, state) ->
            isOf(what, job) && (state == State.FAILED || state == State.STOPPED)
                ? State.WAITING
                : state);
  }

  private static boolean mayRunAgain(Object what, JobDescription job) {
    if (what instanceof Task task) {
      return job.finalTask().equals(Optional.of(task.name()))
          || !Conditions.task(job, task.name()).perInstance().isEmpty();
    }
    return what instanceof InstanceId instance
        && job.finalTask().equals(Optional.of(instance.task()));
  }

  private static boolean isOf(Object what, JobId job) {
    return (what instanceof Task task && task.job().equals(job))
        || (what instanceof InstanceId instance && instance.job().equals(job));
  }

  private void checkRecorded(Event.InstanceChanged changed) {
    if (changed.state() == State.FINISHED) {
      boolean deleted = records.description(changed.job()).isEmpty();
      violations.unless(
          deleted || records.isFinished(changed.instance()),
          "told when durable",
          () -> changed + " is not on record");
    }
  }
}
