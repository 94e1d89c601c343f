package dev.windlass.testkit.simulation.check;

import dev.windlass.job.Condition;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobDescription;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.util.Objects;

/** When a task may run after another, read from the description anew. */
final class Conditions {

  private Conditions() {}

  /** A task of a job. */
  static TaskDescription task(JobDescription job, TaskName name) {
    return Objects.requireNonNull(job.tasks().get(name), "task");
  }

  /** Says whether a task waits for another by the indexes of their instances. */
  static boolean isPerInstance(JobDescription job, TaskName before, TaskName after) {
    return task(job, after).perInstance().contains(before);
  }

  /** Says whether a task may run as far as one before it is concerned, which stands like this. */
  static boolean hold(JobDescription job, TaskName before, TaskName after, State state) {
    Condition condition = task(job, after).conditions().get(before);
    boolean failed = state == State.FAILED;
    if (condition == null) {
      return state == State.FINISHED || (failed && job.onFailure() == FailurePolicy.GO_ON);
    }
    return switch (condition) {
      case SUCCESS -> state == State.FINISHED;
      case FAILURE -> failed;
      case ALWAYS -> state.isEnded();
    };
  }
}
