package dev.windlass;

import dev.windlass.job.JobDescription;
import dev.windlass.job.TaskName;
import java.util.Objects;

/**
 * What a user can do to a job. {@link #kind()} names the case for a switch.
 *
 * <p>In which states each is taken, and what it does there, stands in one table: {@code
 * docs/operations.md}. What would change nothing is taken and does nothing, except that a job that
 * has ended is not stopped, paused or resumed.
 */
public sealed interface JobOperation {

  /** Longest reason in characters. */
  int MAX_REASON_LENGTH = 1_000;

  /** One case for each permitted type. */
  enum Kind {
    /** {@link Stop}. */
    STOP,
    /** {@link Pause}. */
    PAUSE,
    /** {@link Resume}. */
    RESUME,
    /** {@link SetPriority}. */
    SET_PRIORITY,
    /** {@link Restart}. */
    RESTART,
    /** {@link RestartFailed}. */
    RESTART_FAILED,
    /** {@link RestartFrom}. */
    RESTART_FROM,
    /** {@link Delete}. */
    DELETE
  }

  /**
   * The case.
   *
   * @return one constant for each permitted type
   */
  Kind kind();

  /** Stops a job, as {@link Engine#stop}. */
  record Stop() implements JobOperation {
    @Override
    public Kind kind() {
      return Kind.STOP;
    }
  }

  /** Lets nothing of a job begin, as {@link Engine#pause}. */
  record Pause() implements JobOperation {
    @Override
    public Kind kind() {
      return Kind.PAUSE;
    }
  }

  /** Takes a pause back, as {@link Engine#resume}. */
  record Resume() implements JobOperation {
    @Override
    public Kind kind() {
      return Kind.RESUME;
    }
  }

  /**
   * Changes how urgent a job is, as {@link Engine#setPriority}.
   *
   * @param priority 0 to {@value JobDescription#MAX_PRIORITY}; larger is more urgent
   */
  record SetPriority(int priority) implements JobOperation {
    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if out of range
     */
    public SetPriority {
      JobDescription.builder("any").priority(priority);
    }

    @Override
    public Kind kind() {
      return Kind.SET_PRIORITY;
    }
  }

  /** Runs again what did not finish, as {@link Engine#restart}. */
  record Restart() implements JobOperation {
    @Override
    public Kind kind() {
      return Kind.RESTART;
    }
  }

  /**
   * Runs again the instances that failed, also those that were tolerated, and with them what was
   * stopped or left out. For a job that has ended and, if it is finished, has failed instances.
   * What finished stays finished, also of tasks after one that runs again; of the final task all
   * begins anew.
   */
  record RestartFailed() implements JobOperation {
    @Override
    public Kind kind() {
      return Kind.RESTART_FAILED;
    }
  }

  /**
   * Runs a task and all tasks after it again, whatever came of them before, and with them whatever
   * else did not finish. For a job that has ended.
   *
   * <p>What instances of those tasks have finished is discarded: the promise that what has finished
   * is never run again ends where a user asks for this. Their attempts stay in the history, and the
   * numbers of the new ones go on from there. What they published stays where it is until the new
   * attempts publish over it.
   *
   * @param task one of the job's tasks
   */
  record RestartFrom(TaskName task) implements JobOperation {
    /** Checks that there is a name. */
    public RestartFrom {
      Objects.requireNonNull(task, "task");
    }

    @Override
    public Kind kind() {
      return Kind.RESTART_FROM;
    }
  }

  /** Deletes a job that has ended, as {@link Engine#delete}. */
  record Delete() implements JobOperation {
    @Override
    public Kind kind() {
      return Kind.DELETE;
    }
  }

  /**
   * Checks a reason.
   *
   * @param reason free text, possibly empty
   * @return the text
   * @throws IllegalArgumentException if it is longer than {@value #MAX_REASON_LENGTH} characters or
   *     holds a NUL
   */
  static String checkReason(String reason) {
    if (reason.length() > MAX_REASON_LENGTH || reason.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a reason has at most " + MAX_REASON_LENGTH + " characters, and no NUL");
    }
    return reason;
  }
}
