package dev.windlass.core.job;

import dev.windlass.JobOperation;
import dev.windlass.job.State;
import java.util.Optional;

/** In which states of a job users may do what to it. One table for jobs in memory and others. */
final class OperationRules {

  private OperationRules() {}

  /** The rule that stands against an operation in a state of a job; empty if none does. */
  static Optional<String> against(JobOperation operation, State state) {
    return switch (operation.kind()) {
      case STOP -> unless(!state.isEnded(), "only a waiting or running job can be stopped");
      case PAUSE -> unless(!state.isEnded(), "only a waiting or running job can be paused");
      case RESUME -> unless(!state.isEnded(), "only a waiting or running job can be resumed");
      case SET_PRIORITY ->
          unless(state != State.FINISHED, "a job that has finished is not changed any more");
      case RESTART ->
          unless(
              state == State.FAILED || state == State.STOPPED,
              "only a stopped or failed job can be restarted");
      case RESTART_FAILED, RESTART_FROM ->
          unless(state.isEnded(), "only a job that has ended can be restarted in parts");
      case DELETE -> unless(state.isEnded(), "only a job that has ended can be deleted");
    };
  }

  private static Optional<String> unless(boolean allowed, String rule) {
    return allowed ? Optional.empty() : Optional.of(rule);
  }
}
