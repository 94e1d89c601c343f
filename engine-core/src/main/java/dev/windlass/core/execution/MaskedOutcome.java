package dev.windlass.core.execution;

import dev.windlass.core.staging.Mask;
import dev.windlass.job.Outcome;

/** What an executor or a storage says of an attempt, without what is secret in it. */
final class MaskedOutcome {
  private MaskedOutcome() {}

  static Outcome of(Outcome outcome, Mask mask) {
    if (mask.isEmpty()) {
      return outcome;
    }
    return switch (outcome.kind()) {
      case OUT_OF_MEMORY ->
          new Outcome.OutOfMemory(mask.text(((Outcome.OutOfMemory) outcome).evidence()));
      case LOST -> new Outcome.Lost(mask.text(((Outcome.Lost) outcome).reason()));
      case REFUSED -> {
        Outcome.Refused refused = (Outcome.Refused) outcome;
        yield new Outcome.Refused(mask.text(refused.reason()), refused.retryable());
      }
      case STAGE_IN_FAILED -> {
        Outcome.StageInFailed failed = (Outcome.StageInFailed) outcome;
        yield new Outcome.StageInFailed(mask.text(failed.reason()), failed.retryable());
      }
      case STAGE_OUT_FAILED -> {
        Outcome.StageOutFailed failed = (Outcome.StageOutFailed) outcome;
        yield new Outcome.StageOutFailed(mask.text(failed.reason()), failed.retryable());
      }
      case EXITED, SIGNALLED, TIMED_OUT, CANCELLED -> outcome;
    };
  }
}
