package dev.windlass.event;

import dev.windlass.JobOperation;
import dev.windlass.cluster.ClusterState;
import dev.windlass.cluster.NodeState;
import dev.windlass.event.Event.Kind;
import dev.windlass.job.State;
import java.util.Arrays;
import java.util.Optional;

/**
 * The names by which the service told of events (reference, section 14). Not every event has one.
 *
 * <p>Of clusters, what the service calls an instance is a node here.
 */
public enum Notification {
  /** A job waits. */
  ON_JOB_WAITING("OnJobWaiting", Kind.JOB_CHANGED, State.WAITING),
  /** A job runs. */
  ON_JOB_RUNNING("OnJobRunning", Kind.JOB_CHANGED, State.RUNNING),
  /** A job was stopped. */
  ON_JOB_STOPPED("OnJobStopped", Kind.JOB_CHANGED, State.STOPPED),
  /** A job has finished. */
  ON_JOB_FINISHED("OnJobFinished", Kind.JOB_CHANGED, State.FINISHED),
  /** A job has failed. */
  ON_JOB_FAILED("OnJobFailed", Kind.JOB_CHANGED, State.FAILED),
  /** A task waits; only one that is run again by itself, see {@link Event.TaskChanged}. */
  ON_TASK_WAITING("OnTaskWaiting", Kind.TASK_CHANGED, State.WAITING),
  /** A task runs. */
  ON_TASK_RUNNING("OnTaskRunning", Kind.TASK_CHANGED, State.RUNNING),
  /** A task was stopped. */
  ON_TASK_STOPPED("OnTaskStopped", Kind.TASK_CHANGED, State.STOPPED),
  /** A task has finished. */
  ON_TASK_FINISHED("OnTaskFinished", Kind.TASK_CHANGED, State.FINISHED),
  /** A task has failed. */
  ON_TASK_FAILED("OnTaskFailed", Kind.TASK_CHANGED, State.FAILED),
  /** An instance waits again; that it first waits is told by its job's event. */
  ON_INSTANCE_WAITING("OnInstanceWaiting", Kind.INSTANCE_CHANGED, State.WAITING),
  /** An instance runs. */
  ON_INSTANCE_RUNNING("OnInstanceRunning", Kind.INSTANCE_CHANGED, State.RUNNING),
  /** An instance was stopped. */
  ON_INSTANCE_STOPPED("OnInstanceStopped", Kind.INSTANCE_CHANGED, State.STOPPED),
  /** An instance has finished. */
  ON_INSTANCE_FINISHED("OnInstanceFinished", Kind.INSTANCE_CHANGED, State.FINISHED),
  /** An instance has failed. */
  ON_INSTANCE_FAILED("OnInstanceFailed", Kind.INSTANCE_CHANGED, State.FAILED),
  /** A job has another priority. */
  ON_PRIORITY_CHANGE("OnPriorityChange", Kind.JOB_OPERATED, JobOperation.Kind.SET_PRIORITY),
  /** A cluster is gone. */
  ON_CLUSTER_DELETED("OnClusterDeleted", Kind.CLUSTER_CHANGED, ClusterState.DELETED),
  /** A node is being made. */
  ON_INSTANCE_CREATED("OnInstanceCreated", Kind.NODE_CHANGED, NodeState.STARTING),
  /** A node takes work. */
  ON_INSTANCE_ACTIVE("OnInstanceActive", Kind.NODE_CHANGED, NodeState.RUNNING);

  private static final Notification[] ALL = values();

  private final String serviceName;
  private final Kind kind;

  /** The state that was entered, or the operation. */
  private final String detail;

  Notification(String serviceName, Kind kind, Enum<?> detail) {
    this.serviceName = serviceName;
    this.kind = kind;
    this.detail = detail.name();
  }

  private static String detailOf(Event event) {
    if (event instanceof Event.JobChanged changed) {
      return changed.state().name();
    } else if (event instanceof Event.JobOperated operated) {
      return operated.operation().kind().name();
    } else if (event instanceof Event.TaskChanged changed) {
      return changed.state().name();
    } else if (event instanceof Event.InstanceChanged changed) {
      return changed.state().name();
    } else if (event instanceof Event.ClusterChanged changed) {
      return changed.state().name();
    }
    return event instanceof Event.NodeChanged changed ? changed.state().name() : "";
  }

  /**
   * The name by which the service calls an event.
   *
   * @param event any
   * @return empty if the service has none for it
   */
  public static Optional<Notification> of(Event event) {
    return Arrays.stream(ALL)
        .filter(each -> each.kind == event.kind() && each.detail.equals(detailOf(event)))
        .findFirst();
  }

  /**
   * As the service writes it.
   *
   * @return for example {@code OnJobFinished}
   */
  public String serviceName() {
    return serviceName;
  }

  /**
   * The kind of all events that are called so.
   *
   * @return the kind
   */
  public Kind kind() {
    return kind;
  }
}
