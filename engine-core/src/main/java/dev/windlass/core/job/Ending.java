package dev.windlass.core.job;

import dev.windlass.job.State;

/**
 * How a job is going to end. Decided, and on record, before it does where something of it is still
 * to run: what runs already, or its final task.
 *
 * @param state the state that it will enter
 * @param reason for people; empty if it ends well
 */
public record Ending(State state, String reason) {

  /** Checks that it is an end. */
  public Ending {
    if (!state.isEnded()) {
      throw new IllegalArgumentException("no job ends as " + state);
    }
  }

  /** All tasks have ended, none of them so that the job fails. */
  static final Ending FINISHED = new Ending(State.FINISHED, "");

  /**
   * A user stopped it.
   *
   * @param reason as the user gave it, possibly empty
   */
  static Ending stopped(String reason) {
    String by = "stopped by the user";
    return new Ending(State.STOPPED, reason.isBlank() ? by : by + ": " + reason);
  }

  static Ending failed(String reason) {
    return new Ending(State.FAILED, reason);
  }

  /** What is told of a job that still has to run its final task. */
  String before(String finalTask) {
    String decided =
        switch (state) {
          case FINISHED -> "all other tasks have ended";
          case FAILED -> "failed: " + reason;
          case STOPPED -> reason;
          case WAITING, RUNNING -> throw new AssertionError(state + " is no end");
        };
    return decided + "; it ends when its final task '" + finalTask + "' has run";
  }

  /** What happens to the job when it ends like this. */
  Tables.JobEvent event() {
    return switch (state) {
      case FINISHED -> Tables.JobEvent.ALL_TASKS_ENDED;
      case FAILED -> Tables.JobEvent.GAVE_UP;
      case STOPPED -> Tables.JobEvent.STOPPED_BY_USER;
      case WAITING, RUNNING -> throw new AssertionError(state + " is no end");
    };
  }
}
