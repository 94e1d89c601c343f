package dev.windlass.testkit.simulation.check;

import dev.windlass.JobStatus;
import dev.windlass.event.Event;
import dev.windlass.event.EventListener;
import dev.windlass.event.RecordedEvent;
import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Listens over all lives of a host and keeps its own position, as a host does that must miss
 * nothing. It must be told all that is on record, once and in order, and each job, task and
 * instance must go from state to state as the design says.
 */
public final class EventChecker implements EventListener {
  private record Task(JobId job, TaskName name) {}

  private static final Set<State> ENDED = Set.of(State.FINISHED, State.FAILED, State.STOPPED);

  private final Journal journal;
  private final Violations violations;
  private final Records records;
  private final Map<Object, State> last = new HashMap<>();

  private final Set<AttemptId> started = new HashSet<>();

  /** The last position that it was told. */
  private long position;

  /** The states before it are not known: what told of them was purged. */
  private boolean missed;

  public EventChecker(Journal journal, Violations violations, Records records) {
    this.journal = journal;
    this.violations = violations;
    this.records = records;
  }

  /** The last position that it was told. */
  public long position() {
    return position;
  }

  @Override
  public void onMissed(long first, long until) {
    violations.unless(until <= records.purged(), "nothing is missed", () -> first + " to " + until);
    position = until;
    missed = true;
    last.clear();
  }

  @Override
  public void onEvent(RecordedEvent recorded) {
    Event event = recorded.event();
    journal.write("told " + recorded);
    violations.unless(
        recorded.position() == position + 1,
        "events in order",
        () -> recorded + " after " + position);
    position = recorded.position();
    violations.unless(
        records.isRecorded(recorded), "told when durable", () -> recorded + " is not on record");
    switch (event.kind()) {
      case ATTEMPT_STARTED ->
          violations.unless(
              started.add(((Event.AttemptStarted) event).attempt()),
              "an attempt starts once",
              event::toString);
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
      }
      case JOB_OPERATED -> operated((Event.JobOperated) event);
      case JOB_DELETED, ATTEMPT_ENDED, CLUSTER_CHANGED, NODE_CHANGED -> {}
    }
  }

  /** Nothing happens any more: everything was told, and of a job last what stands. */
  public void checkComplete(List<JobStatus> jobs) {
    violations.unless(
        position == records.lastPosition(),
        "events are complete",
        () -> position + " of " + records.lastPosition());
    for (JobStatus status : jobs) {
      State told = last.get(status.id());
      violations.unless(
          told == status.state() || (missed && told == null),
          "events are complete",
          () -> told + " was told last of " + status);
    }
  }

  private void entered(Object what, State state, Event event) {
    State before = last.put(what, state);
    if (before == null) {
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
        .everDescribed(job)
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
}
