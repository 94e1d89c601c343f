package dev.windlass.core.job;

import static dev.windlass.job.State.FAILED;
import static dev.windlass.job.State.FINISHED;
import static dev.windlass.job.State.RUNNING;
import static dev.windlass.job.State.STOPPED;
import static dev.windlass.job.State.WAITING;

import dev.windlass.core.cluster.NodeTable;
import dev.windlass.core.state.Transitions;
import dev.windlass.job.State;
import java.util.List;
import java.util.Set;

/**
 * How jobs, tasks, instances and attempts go from state to state. One table each; nothing else
 * changes a state.
 */
public final class Tables {

  /** What happens to a job. */
  enum JobEvent {
    /** The first of its instances was placed. */
    INSTANCE_BEGAN,
    /** All its tasks have ended, and none of them fails the job. */
    ALL_TASKS_ENDED,
    /** An instance failed for good in a job that fails with it, or the job cannot go on. */
    GAVE_UP,
    /** The user stopped it. */
    STOPPED_BY_USER,
    /** The user restarted it. */
    RESTARTED,
    /** It had finished, and the user runs a part of it again. */
    REPEATED
  }

  /** What happens to a task. */
  enum TaskEvent {
    /** The first of its instances was placed. */
    INSTANCE_BEGAN,
    /** All its instances have ended, no more of them badly than it tolerates. */
    ALL_FINISHED,
    /**
     * More instances ended badly than it tolerates, and all have ended or its job fails with it.
     */
    SOME_FAILED,
    /**
     * The tasks before it did not end as its conditions want, or none of the instances that its own
     * wait for has finished; and it never ran.
     */
    LEFT_OUT,
    /** Its job ended before it did. */
    JOB_ENDED,
    /** Its job was restarted. */
    RESTARTED,
    /**
     * It had finished, its job was restarted, and it runs again: because it is the final task,
     * because the user wants that, or for those of its instances that had failed or were left out.
     */
    REPEATED
  }

  /** What happens to an instance. */
  enum InstanceEvent {
    /** It was placed on a node, and an attempt began. */
    PLACED,
    /** Its attempt ended well. */
    SUCCEEDED,
    /** Its attempt ended badly and it will be tried again. */
    TRY_AGAIN,
    /** Its attempt ended badly and it will not be tried again. */
    GAVE_UP,
    /** Its job ended before it did. */
    JOB_ENDED,
    /** Its job was restarted. */
    RESTARTED,
    /** It had finished, its job was restarted, and all of its task runs again. */
    REPEATED
  }

  /** Where an attempt stands. */
  enum Phase {
    /** Its inputs are being staged, or its program is being started. */
    LAUNCHING,
    /** Its program runs. */
    RUNNING,
    /** Its program is over, and its logs, and its outputs if it did well, are being published. */
    CONCLUDING,
    /**
     * It is over; its outcome is on its way to the store, and its evidence is released after that.
     */
    ENDED
  }

  /** What happens to an attempt. */
  enum AttemptEvent {
    /** The executor saw its program begin. */
    STARTED,
    /** The executor proved that it is over, and something is to be published. */
    EXITED,
    /** It is over and nothing of it is left to be published. */
    CONCLUDED
  }

  static final Transitions<State, JobEvent> JOB =
      Transitions.named("job", WAITING, JobEvent.class)
          .on(WAITING, JobEvent.INSTANCE_BEGAN, RUNNING)
          .on(RUNNING, JobEvent.ALL_TASKS_ENDED, FINISHED)
          // A restarted job can find that all its instances had finished before it was stopped.
          .on(WAITING, JobEvent.ALL_TASKS_ENDED, FINISHED)
          .onAnyOf(Set.of(WAITING, RUNNING), JobEvent.GAVE_UP, FAILED)
          .onAnyOf(Set.of(WAITING, RUNNING), JobEvent.STOPPED_BY_USER, STOPPED)
          .onAnyOf(Set.of(FAILED, STOPPED), JobEvent.RESTARTED, WAITING)
          .on(FINISHED, JobEvent.REPEATED, WAITING)
          .endingIn(Set.of(FINISHED, FAILED, STOPPED));

  static final Transitions<State, TaskEvent> TASK =
      Transitions.named("task", WAITING, TaskEvent.class)
          .on(WAITING, TaskEvent.INSTANCE_BEGAN, RUNNING)
          .onAnyOf(Set.of(WAITING, RUNNING), TaskEvent.ALL_FINISHED, FINISHED)
          .onAnyOf(Set.of(WAITING, RUNNING), TaskEvent.SOME_FAILED, FAILED)
          .on(WAITING, TaskEvent.LEFT_OUT, STOPPED)
          .onAnyOf(Set.of(WAITING, RUNNING), TaskEvent.JOB_ENDED, STOPPED)
          .onAnyOf(Set.of(FAILED, STOPPED), TaskEvent.RESTARTED, WAITING)
          .on(FINISHED, TaskEvent.REPEATED, WAITING)
          .endingIn(Set.of(FINISHED, FAILED, STOPPED));

  static final Transitions<State, InstanceEvent> INSTANCE =
      Transitions.named("instance", WAITING, InstanceEvent.class)
          .on(WAITING, InstanceEvent.PLACED, RUNNING)
          .on(RUNNING, InstanceEvent.SUCCEEDED, FINISHED)
          .on(RUNNING, InstanceEvent.TRY_AGAIN, WAITING)
          .on(RUNNING, InstanceEvent.GAVE_UP, FAILED)
          .onAnyOf(Set.of(WAITING, RUNNING), InstanceEvent.JOB_ENDED, STOPPED)
          .onAnyOf(Set.of(FAILED, STOPPED), InstanceEvent.RESTARTED, WAITING)
          .on(FINISHED, InstanceEvent.REPEATED, WAITING)
          .endingIn(Set.of(FINISHED, FAILED, STOPPED));

  static final Transitions<Phase, AttemptEvent> ATTEMPT =
      Transitions.named("attempt", Phase.LAUNCHING, AttemptEvent.class)
          .on(Phase.LAUNCHING, AttemptEvent.STARTED, Phase.RUNNING)
          // From LAUNCHING too: it may be refused, cancelled, or too short to be seen running.
          .onAnyOf(Set.of(Phase.LAUNCHING, Phase.RUNNING), AttemptEvent.EXITED, Phase.CONCLUDING)
          // Without an exit of its own where nothing is published, or where a recovery found it
          // concluded.
          .onAnyOf(
              Set.of(Phase.LAUNCHING, Phase.RUNNING, Phase.CONCLUDING),
              AttemptEvent.CONCLUDED,
              Phase.ENDED)
          .endingIn(Set.of(Phase.ENDED));

  private Tables() {}

  /** All tables as Mermaid diagrams, in a fixed order. */
  public static List<String> diagrams() {
    return List.of(
        JOB.diagram(), TASK.diagram(), INSTANCE.diagram(), ATTEMPT.diagram(), NodeTable.diagram());
  }
}
