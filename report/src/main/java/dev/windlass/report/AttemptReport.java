package dev.windlass.report;

import dev.windlass.AttemptStatus;
import dev.windlass.job.InstanceId;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.time.Duration;

/**
 * One attempt of a job.
 *
 * @param status its times, its outcome and what it used
 * @param instance where its instance stands, which may have had further attempts
 * @param phases its times, told apart
 */
public record AttemptReport(AttemptStatus status, State instance, Phases phases) {

  /**
   * The instance.
   *
   * @return its id
   */
  public InstanceId instanceId() {
    return status.id().instance();
  }

  /**
   * The task.
   *
   * @return its name
   */
  public TaskName task() {
    return instanceId().task();
  }

  /**
   * Says whether it failed: it is over, did not succeed, and was not cancelled by the engine.
   *
   * @return true if it failed
   */
  public boolean hasFailed() {
    return status
        .outcome()
        .filter(outcome -> !outcome.isSuccess() && outcome.kind() != Outcome.Kind.CANCELLED)
        .isPresent();
  }

  /**
   * How long its program ran, or has run.
   *
   * @return zero if it did not run or that is unknown
   */
  public Duration runningTime() {
    return phases.running().map(Span::length).orElse(Duration.ZERO);
  }
}
