package dev.windlass.job;

import java.time.Duration;
import java.util.Objects;

/**
 * How an attempt ended. Facts only: each case carries the evidence for itself, and what is not
 * proven is not said.
 *
 * <p>Java 17 cannot switch over a sealed type, so {@link #kind()} names the case; a switch
 * expression over it without {@code default} is checked by the compiler.
 */
public sealed interface Outcome {

  /** One case for each permitted type. */
  enum Kind {
    /** {@link Exited}. */
    EXITED,
    /** {@link Signalled}. */
    SIGNALLED,
    /** {@link TimedOut}. */
    TIMED_OUT,
    /** {@link OutOfMemory}. */
    OUT_OF_MEMORY,
    /** {@link Lost}. */
    LOST,
    /** {@link Refused}. */
    REFUSED,
    /** {@link StageInFailed}. */
    STAGE_IN_FAILED,
    /** {@link StageOutFailed}. */
    STAGE_OUT_FAILED,
    /** {@link Cancelled}. */
    CANCELLED
  }

  /**
   * The case.
   *
   * @return one constant for each permitted type
   */
  Kind kind();

  /**
   * Says whether the program did what it was asked to.
   *
   * @return true only for {@link Exited} with code 0
   */
  default boolean isSuccess() {
    return this instanceof Exited exited && exited.code() == 0;
  }

  /**
   * Says whether the same attempt could go otherwise another time. False for what the executor or
   * the storage says will not change: no such program, no such input.
   *
   * @return false only for refusals and failures of staging that are final
   */
  default boolean isRetryable() {
    return switch (kind()) {
      case REFUSED -> ((Refused) this).retryable();
      case STAGE_IN_FAILED -> ((StageInFailed) this).retryable();
      case STAGE_OUT_FAILED -> ((StageOutFailed) this).retryable();
      case EXITED, SIGNALLED, TIMED_OUT, OUT_OF_MEMORY, LOST, CANCELLED -> true;
    };
  }

  /**
   * One line for people.
   *
   * @return for example {@code exited with 3}
   */
  String describe();

  /**
   * The program ended by itself.
   *
   * @param code its exit code, 0 to 255
   */
  record Exited(int code) implements Outcome {
    /** Checks the range. */
    public Exited {
      if (code < 0 || code > 255) {
        throw new IllegalArgumentException("code must be 0 to 255, was " + code);
      }
    }

    @Override
    public Kind kind() {
      return Kind.EXITED;
    }

    @Override
    public String describe() {
      return "exited with " + code;
    }
  }

  /**
   * The program was ended by a signal that neither the engine nor the executor sent.
   *
   * @param signal the signal's number, 1 to 127
   */
  record Signalled(int signal) implements Outcome {
    /** Checks the range. */
    public Signalled {
      if (signal < 1 || signal > 127) {
        throw new IllegalArgumentException("signal must be 1 to 127, was " + signal);
      }
    }

    @Override
    public Kind kind() {
      return Kind.SIGNALLED;
    }

    @Override
    public String describe() {
      return "ended by signal " + signal;
    }
  }

  /**
   * The attempt ran longer than its task allows and was ended for it.
   *
   * @param limit the task's timeout
   */
  record TimedOut(Duration limit) implements Outcome {
    /** Checks for null. */
    public TimedOut {
      Objects.requireNonNull(limit, "limit");
    }

    @Override
    public Kind kind() {
      return Kind.TIMED_OUT;
    }

    @Override
    public String describe() {
      return "ran longer than " + limit.toSeconds() + " s";
    }
  }

  /**
   * The attempt was ended because it used more memory than it was given.
   *
   * @param evidence what proves it, such as the kernel's count of kills in the attempt's own group
   */
  record OutOfMemory(String evidence) implements Outcome {
    /** Checks for null. */
    public OutOfMemory {
      Objects.requireNonNull(evidence, "evidence");
    }

    @Override
    public Kind kind() {
      return Kind.OUT_OF_MEMORY;
    }

    @Override
    public String describe() {
      return "out of memory: " + evidence;
    }
  }

  /**
   * The attempt is certainly over, but how its program ended cannot be known: its node, its
   * evidence or its host is gone. Uses up no retry.
   *
   * @param reason what is known
   */
  record Lost(String reason) implements Outcome {
    /** Checks for null. */
    public Lost {
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public Kind kind() {
      return Kind.LOST;
    }

    @Override
    public String describe() {
      return "lost: " + reason;
    }
  }

  /**
   * The executor did not start the program, and never will under this id.
   *
   * @param reason why
   * @param retryable true if the same attempt could be started later (a limit on processes, no
   *     memory); such a refusal uses up no retry
   */
  record Refused(String reason, boolean retryable) implements Outcome {
    /** Checks for null. */
    public Refused {
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public Kind kind() {
      return Kind.REFUSED;
    }

    @Override
    public String describe() {
      return "not started: " + reason;
    }
  }

  /**
   * The inputs or the package could not be brought in; the program was not started.
   *
   * @param reason what failed, naming the object
   * @param retryable true if the storage may succeed later; such a failure uses up no retry
   */
  record StageInFailed(String reason, boolean retryable) implements Outcome {
    /** Checks for null. */
    public StageInFailed {
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public Kind kind() {
      return Kind.STAGE_IN_FAILED;
    }

    @Override
    public String describe() {
      return "inputs could not be staged: " + reason;
    }
  }

  /**
   * The program ended well, but its outputs could not be published.
   *
   * @param reason what failed, naming the object or path
   * @param retryable true if the storage may succeed later; such a failure uses up no retry
   */
  record StageOutFailed(String reason, boolean retryable) implements Outcome {
    /** Checks for null. */
    public StageOutFailed {
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public Kind kind() {
      return Kind.STAGE_OUT_FAILED;
    }

    @Override
    public String describe() {
      return "outputs could not be published: " + reason;
    }
  }

  /** The attempt was ended, or kept from starting, at the engine's request. */
  record Cancelled() implements Outcome {
    @Override
    public Kind kind() {
      return Kind.CANCELLED;
    }

    @Override
    public String describe() {
      return "cancelled";
    }
  }
}
