package dev.windlass.executor;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.AttemptId;
import org.jspecify.annotations.Nullable;

/** An executor could not do its part of an attempt. */
public final class ExecutorException extends EngineException {

  private static final long serialVersionUID = 1L;

  /**
   * A failure.
   *
   * @param code a code of type {@code EXECUTOR}
   * @param attempt the attempt concerned
   * @param message what happened and what to do
   * @param cause what was thrown below, or null
   * @throws IllegalArgumentException if the code has another type
   */
  public ExecutorException(
      ErrorCode code, AttemptId attempt, String message, @Nullable Throwable cause) {
    super(code, attempt.toString(), message, cause);
    if (code.type() != ErrorCode.Type.EXECUTOR) {
      throw new IllegalArgumentException(code + " is not a code of an executor");
    }
  }
}
