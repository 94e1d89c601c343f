package dev.windlass.core.job;

import dev.windlass.JobStatus;
import dev.windlass.error.ErrorCode;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Something that must be done outside the core. {@link #awaitsCommit} says whether it is held back
 * until the changes made with it and before it are durable; that list is here and nowhere else.
 */
public sealed interface Effect {

  /** True if it may happen only once the changes up to it are durable. */
  boolean awaitsCommit();

  /**
   * Stage in and start an attempt. Need not wait: until its release the executor's evidence stands
   * for it.
   *
   * @param gpuDevices the devices of the node that it gets, ascending
   * @param jobEnd how the job is going to end; for attempts of its final task only
   */
  record Launch(
      AttemptId id,
      TaskPlan plan,
      Resources request,
      List<Integer> gpuDevices,
      String node,
      String executor,
      Map<String, String> clusterEnvironment,
      Optional<State> jobEnd)
      implements Effect {
    @Override
    public boolean awaitsCommit() {
      return false;
    }
  }

  /** End an attempt, or keep it from starting. */
  record Cancel(AttemptId id, Duration grace) implements Effect {
    @Override
    public boolean awaitsCommit() {
      return false;
    }
  }

  /** Publish the logs of an attempt whose program is over and, if it was accepted, its outputs. */
  record Conclude(AttemptId id, TaskPlan plan, Outcome outcome, boolean accepted)
      implements Effect {
    @Override
    public boolean awaitsCommit() {
      return false;
    }
  }

  /** Read a job from the store and feed it back as {@link Input.Loaded}. */
  record Load(JobId job) implements Effect {
    @Override
    public boolean awaitsCommit() {
      return false;
    }
  }

  /**
   * Forget an attempt; its outcome is durable.
   *
   * @param keepFiles whether all its files stay, until {@link ForgetAttemptFiles}
   */
  record Release(AttemptId id, boolean keepFiles) implements Effect {
    @Override
    public boolean awaitsCommit() {
      return true;
    }
  }

  /** Feed an input back: what follows from something durable, and must not happen before it is. */
  record Feed(Input input) implements Effect {
    @Override
    public boolean awaitsCommit() {
      return true;
    }
  }

  /** Tell the caller of an operation that it is done. */
  record Reply(long request) implements Effect {
    @Override
    public boolean awaitsCommit() {
      return true;
    }
  }

  /**
   * Tell the caller of an operation that it is refused. What it is told rests on what is durable.
   *
   * @param subject the id or name of what the operation was about
   * @param message for people
   */
  record Refuse(long request, ErrorCode code, String subject, String message) implements Effect {
    @Override
    public boolean awaitsCommit() {
      return true;
    }
  }

  /**
   * Tell those who wait for a job that it is over or, without a status, that the user deleted it.
   */
  record JobOver(JobId job, Optional<JobStatus> status) implements Effect {
    @Override
    public boolean awaitsCommit() {
      return true;
    }
  }

  /**
   * Delete what was kept of the files of an attempt that is over; its logs stay as of any other.
   */
  record ForgetAttemptFiles(AttemptId id) implements Effect {
    @Override
    public boolean awaitsCommit() {
      return true;
    }
  }

  /** Delete the files that the engine keeps of a job. */
  record ForgetFiles(JobId job) implements Effect {
    @Override
    public boolean awaitsCommit() {
      return true;
    }
  }

  /** Have an executor make a node, or find it again; it is on record. */
  record StartNode(String executor, NodeSpec spec) implements Effect {
    @Override
    public boolean awaitsCommit() {
      return true;
    }
  }

  /** Have an executor remove a node; that it goes is on record. */
  record EndNode(String executor, String node) implements Effect {
    @Override
    public boolean awaitsCommit() {
      return true;
    }
  }
}
