package dev.windlass.event;

import dev.windlass.JobOperation;
import dev.windlass.cluster.ClusterState;
import dev.windlass.cluster.NodeState;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that has happened and is durable. {@link #kind()} names the case for a switch.
 * Everything that happens is recorded in the journal with the change that it tells of, together or
 * not at all, and has its place there ({@link RecordedEvent}).
 *
 * <p>Each state of a job, a task, an instance, a cluster and a node has one event, sent on entering
 * it (reference, section 14), and so have the start and the end of an attempt. What happens to jobs
 * is a {@link JobEvent}, what happens to clusters made through the engine a {@link ClusterEvent}.
 */
public sealed interface Event {

  /** Something that has happened to a job or a part of it. */
  sealed interface JobEvent extends Event {
    /**
     * The job concerned.
     *
     * @return its id
     */
    JobId job();
  }

  /** Something that has happened to a cluster or a node of it. */
  sealed interface ClusterEvent extends Event {
    /**
     * The cluster concerned.
     *
     * @return its name
     */
    ClusterName cluster();
  }

  /** One case for each permitted type. */
  enum Kind {
    /** {@link JobChanged}. */
    JOB_CHANGED,
    /** {@link JobOperated}. */
    JOB_OPERATED,
    /** {@link JobDeleted}. */
    JOB_DELETED,
    /** {@link TaskChanged}. */
    TASK_CHANGED,
    /** {@link InstanceChanged}. */
    INSTANCE_CHANGED,
    /** {@link AttemptStarted}. */
    ATTEMPT_STARTED,
    /** {@link AttemptEnded}. */
    ATTEMPT_ENDED,
    /** {@link ClusterChanged}. */
    CLUSTER_CHANGED,
    /** {@link NodeChanged}. */
    NODE_CHANGED
  }

  /**
   * Which instance an event is about.
   *
   * @param event any
   * @return the instance, also of an event about its attempts; empty if it is about something else
   */
  static Optional<InstanceId> instanceOf(Event event) {
    if (event instanceof InstanceChanged changed) {
      return Optional.of(changed.instance());
    } else if (event instanceof AttemptStarted started) {
      return Optional.of(started.attempt().instance());
    } else if (event instanceof AttemptEnded ended) {
      return Optional.of(ended.attempt().instance());
    }
    return Optional.empty();
  }

  /**
   * The case.
   *
   * @return one constant for each permitted type
   */
  Kind kind();

  /**
   * When it happened, by the engine's clock.
   *
   * @return the time
   */
  Instant at();

  /**
   * A job entered a state.
   *
   * @param job the job
   * @param at when
   * @param state the state entered
   * @param message why, for people; empty where there is nothing to say
   */
  record JobChanged(JobId job, Instant at, State state, String message) implements JobEvent {
    @Override
    public Kind kind() {
      return Kind.JOB_CHANGED;
    }
  }

  /**
   * A user, or the host's {@link dev.windlass.Retention}, did something to a job, and it was taken.
   * What comes of it is told by the events that follow. What changed nothing is not told.
   *
   * @param job the job
   * @param at when
   * @param operation what was done
   * @param reason why, as the user gave it; possibly empty
   */
  record JobOperated(JobId job, Instant at, JobOperation operation, String reason)
      implements JobEvent {
    @Override
    public Kind kind() {
      return Kind.JOB_OPERATED;
    }
  }

  /**
   * A job and all that was kept of it is gone.
   *
   * @param job the job
   * @param at when
   */
  record JobDeleted(JobId job, Instant at) implements JobEvent {
    @Override
    public Kind kind() {
      return Kind.JOB_DELETED;
    }
  }

  /**
   * A task entered a state. That a task became waiting with its job, at its submission or restart,
   * is told by the job's event alone.
   *
   * @param job the job
   * @param at when
   * @param task the task
   * @param state the state entered
   */
  record TaskChanged(JobId job, Instant at, TaskName task, State state) implements JobEvent {
    @Override
    public Kind kind() {
      return Kind.TASK_CHANGED;
    }
  }

  /**
   * An instance entered a state. That an instance became waiting with its job, or was stopped with
   * it before it began, is told by the job's event alone: a task may have millions.
   *
   * @param instance the instance
   * @param at when
   * @param state the state entered
   * @param outcome how its last attempt ended, if one has
   */
  record InstanceChanged(InstanceId instance, Instant at, State state, Optional<Outcome> outcome)
      implements JobEvent {
    @Override
    public Kind kind() {
      return Kind.INSTANCE_CHANGED;
    }

    @Override
    public JobId job() {
      return instance.job();
    }
  }

  /**
   * An attempt's program has begun.
   *
   * @param attempt the attempt
   * @param at when
   * @param node on which node
   */
  record AttemptStarted(AttemptId attempt, Instant at, String node) implements JobEvent {
    @Override
    public Kind kind() {
      return Kind.ATTEMPT_STARTED;
    }

    @Override
    public JobId job() {
      return attempt.job();
    }
  }

  /**
   * An attempt is over.
   *
   * @param attempt the attempt
   * @param at when
   * @param outcome how
   */
  record AttemptEnded(AttemptId attempt, Instant at, Outcome outcome) implements JobEvent {
    @Override
    public Kind kind() {
      return Kind.ATTEMPT_ENDED;
    }

    @Override
    public JobId job() {
      return attempt.job();
    }
  }

  /**
   * A cluster entered a state.
   *
   * @param cluster the cluster
   * @param at when
   * @param state the state entered
   */
  record ClusterChanged(ClusterName cluster, Instant at, ClusterState state)
      implements ClusterEvent {
    @Override
    public Kind kind() {
      return Kind.CLUSTER_CHANGED;
    }
  }

  /**
   * A node entered a state.
   *
   * @param cluster its cluster
   * @param at when
   * @param node its name
   * @param state the state entered
   * @param message why, for people; empty where there is nothing to say
   */
  record NodeChanged(ClusterName cluster, Instant at, String node, NodeState state, String message)
      implements ClusterEvent {
    @Override
    public Kind kind() {
      return Kind.NODE_CHANGED;
    }
  }
}
