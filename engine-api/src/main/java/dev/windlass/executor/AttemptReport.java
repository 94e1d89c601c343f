package dev.windlass.executor;

import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.time.Instant;
import java.util.Objects;

/**
 * A fact about an attempt that an executor observed. {@link #kind()} names the case for a switch.
 *
 * <p>The engine alone decides what a fact means.
 */
public sealed interface AttemptReport {

  /** One case for each permitted type. */
  enum Kind {
    /** {@link Started}. */
    STARTED,
    /** {@link Ended}. */
    ENDED
  }

  /**
   * The case.
   *
   * @return one constant for each permitted type
   */
  Kind kind();

  /**
   * Whom it is about.
   *
   * @return the attempt
   */
  AttemptId id();

  /**
   * When it happened, by the clock of the machine on which it happened.
   *
   * @return the time
   */
  Instant at();

  /**
   * The program has begun and, as far as is known, has not ended.
   *
   * @param id the attempt
   * @param at when it began
   */
  record Started(AttemptId id, Instant at) implements AttemptReport {
    /** Checks for null. */
    public Started {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(at, "at");
    }

    @Override
    public Kind kind() {
      return Kind.STARTED;
    }
  }

  /**
   * The attempt is over: its program and everything it started are gone, or it never started and
   * never will under this id ({@link Outcome.Refused}).
   *
   * @param id the attempt
   * @param at when it ended
   * @param outcome how
   * @param usage what it used
   */
  record Ended(AttemptId id, Instant at, Outcome outcome, Usage usage) implements AttemptReport {
    /** Checks for null. */
    public Ended {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(outcome, "outcome");
      Objects.requireNonNull(usage, "usage");
    }

    @Override
    public Kind kind() {
      return Kind.ENDED;
    }
  }
}
