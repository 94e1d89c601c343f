package dev.windlass.why;

import dev.windlass.job.AttemptId;
import dev.windlass.job.Resources;
import java.time.Instant;
import java.util.List;

/**
 * A change that alone would let an instance begin. {@link #kind()} names the case for a switch.
 *
 * <p>It was tried on a copy of what the engine knows: were it made now, and nothing else happened,
 * an instance of the task would begin at the next step. Which one, where several wait for the same,
 * is that which is next. Nothing smaller of its kind would do; what that means stands with each
 * kind.
 */
public sealed interface Remedy {

  /** One case for each permitted type, the ones that users can make most easily first. */
  enum Kind {
    /** {@link Wait}. */
    WAIT,
    /** {@link Resume}. */
    RESUME,
    /** {@link RaiseTaskCap}. */
    RAISE_TASK_CAP,
    /** {@link RaiseJobCap}. */
    RAISE_JOB_CAP,
    /** {@link RaisePriority}. */
    RAISE_PRIORITY,
    /** {@link RaiseNamedResource}. */
    RAISE_NAMED_RESOURCE,
    /** {@link EndAttempts}. */
    END_ATTEMPTS,
    /** {@link EnlargeNode}. */
    ENLARGE_NODE
  }

  /**
   * The case.
   *
   * @return one constant for each permitted type
   */
  Kind kind();

  /**
   * Nothing has to be done: a pause will be over, and there will be room.
   *
   * @param until when, as {@link Reason.BacksOff#until}
   */
  record Wait(Instant until) implements Remedy {
    @Override
    public Kind kind() {
      return Kind.WAIT;
    }
  }

  /** Resume the job ({@link dev.windlass.Engine#resume}). */
  record Resume() implements Remedy {
    @Override
    public Kind kind() {
      return Kind.RESUME;
    }
  }

  /**
   * Let more instances of the task run at once ({@link dev.windlass.Engine#setMaxRunning}). With a
   * lower bound none would begin.
   *
   * @param to the new bound
   */
  record RaiseTaskCap(int to) implements Remedy {
    @Override
    public Kind kind() {
      return Kind.RAISE_TASK_CAP;
    }
  }

  /**
   * Let more instances of the job run at once ({@link dev.windlass.Engine#setMaxRunning}). With a
   * lower bound none of the task would begin; with this one, instances of other tasks of the job
   * may begin before it.
   *
   * @param to the new bound
   */
  record RaiseJobCap(int to) implements Remedy {
    @Override
    public Kind kind() {
      return Kind.RAISE_JOB_CAP;
    }
  }

  /**
   * Make the job more urgent ({@link dev.windlass.Engine#setPriority}). With a lower priority none
   * would begin.
   *
   * @param to the new priority
   */
  record RaisePriority(int to) implements Remedy {
    @Override
    public Kind kind() {
      return Kind.RAISE_PRIORITY;
    }
  }

  /**
   * Have more of a named resource of the engine ({@link dev.windlass.Engine#setNamedResource}).
   * With a lower total none would begin.
   *
   * @param name the resource
   * @param to the new total
   */
  record RaiseNamedResource(String name, int to) implements Remedy {
    @Override
    public Kind kind() {
      return Kind.RAISE_NAMED_RESOURCE;
    }
  }

  /**
   * Attempts end well, all of them. If any of them goes on, none would begin.
   *
   * @param attempts at least one, in the order of their ids; where one alone would do, the smallest
   *     of those that were tried
   */
  record EndAttempts(List<AttemptId> attempts) implements Remedy {
    /** Copies the list. */
    public EndAttempts {
      attempts = List.copyOf(attempts);
    }

    @Override
    public Kind kind() {
      return Kind.END_ATTEMPTS;
    }
  }

  /**
   * A node offers more. With less of any of it, none would begin.
   *
   * @param node of those where this would do, the one that lacks least
   * @param by how much more
   */
  record EnlargeNode(String node, Resources by) implements Remedy {
    @Override
    public Kind kind() {
      return Kind.ENLARGE_NODE;
    }
  }
}
