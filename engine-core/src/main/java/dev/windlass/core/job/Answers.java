package dev.windlass.core.job;

import dev.windlass.error.ErrorCode;
import dev.windlass.job.JobId;
import dev.windlass.job.State;

/** Answers those who asked something of a job, once what the answer says is durable. */
final class Answers {
  private final Output output;

  Answers(Output output) {
    this.output = output;
  }

  void done(long request) {
    output.effect(new Effect.Reply(request));
  }

  /** The job's state does not allow it. */
  void conflict(long request, JobId job, State state, String rule) {
    conflict(request, job, "it is " + state.serviceName() + "; " + rule);
  }

  void conflict(long request, JobId job, String detail) {
    output.effect(
        new Effect.Refuse(
            request, ErrorCode.STATE_CONFLICT, job.value(), "job " + job + ": " + detail));
  }

  void unknownJob(long request, JobId job) {
    unknown(request, job, "there is no job " + job);
  }

  /** There is no such thing in a job. */
  void unknown(long request, JobId job, String message) {
    output.effect(new Effect.Refuse(request, ErrorCode.NOT_FOUND, job.value(), message));
  }
}
