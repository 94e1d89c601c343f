package dev.windlass.error;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The engine or an executor could not do its part. How an attempt ended is never told this way;
 * that is an {@link dev.windlass.job.Outcome}.
 *
 * <p>The message says what happened, to what, and what to do. {@link #subject} is the identity of
 * what it is about.
 */
public class EngineException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String subject;

  /**
   * A failure without a cause.
   *
   * @param code what went wrong
   * @param subject id, name or path of what it is about; may be empty
   * @param message for people
   */
  public EngineException(ErrorCode code, String subject, String message) {
    this(code, subject, message, null);
  }

  /**
   * A failure with a cause.
   *
   * @param code what went wrong
   * @param subject id, name or path of what it is about; may be empty
   * @param message for people
   * @param cause what was thrown below, or null
   */
  public EngineException(
      ErrorCode code, String subject, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = Objects.requireNonNull(code, "code");
    this.subject = Objects.requireNonNull(subject, "subject");
  }

  /**
   * What went wrong.
   *
   * @return the code; never null
   */
  public final ErrorCode code() {
    return code;
  }

  /**
   * What it is about: the text of a job, instance or attempt id, the name of a cluster or executor,
   * or a path.
   *
   * @return possibly empty, never null
   */
  public final String subject() {
    return subject;
  }
}
