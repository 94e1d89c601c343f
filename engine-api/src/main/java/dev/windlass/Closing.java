package dev.windlass;

import java.time.Duration;
import java.util.Objects;

/**
 * What becomes of running work when an engine is closed ({@link Engine#shutDown}). In each case
 * jobs stay what they are and go on when the engine is opened again; what was ended for the closing
 * then begins anew, without using up a retry.
 *
 * @param kind what is done
 * @param atMost how long it waits for running work to end by itself; not negative, zero for all
 *     kinds but {@link Kind#DRAIN}
 */
public record Closing(Kind kind, Duration atMost) {

  /** What is done. */
  public enum Kind {
    /**
     * Running work is left to itself. The next engine adopts it, with what it did meanwhile, where
     * its executor declares {@link dev.windlass.executor.Capability#SURVIVES_HOST}; other executors
     * end it.
     */
    DETACH,
    /** Nothing begins any more, and what runs may end; what has not ended in time is ended. */
    DRAIN,
    /** What runs is ended now, and nothing of it is left. */
    KILL
  }

  /** Checks the time. */
  public Closing {
    Objects.requireNonNull(kind, "kind");
    if (atMost.isNegative()) {
      throw new IllegalArgumentException("atMost must not be negative, was " + atMost);
    }
    if (kind != Kind.DRAIN && !atMost.isZero()) {
      throw new IllegalArgumentException("only a drain waits, " + kind + " does not");
    }
  }

  /**
   * Leaves running work to itself.
   *
   * @return this kind of closing
   */
  public static Closing detach() {
    return new Closing(Kind.DETACH, Duration.ZERO);
  }

  /**
   * Lets running work end for some time, and ends what then still runs.
   *
   * @param atMost how long it waits; not negative
   * @return this kind of closing
   * @throws IllegalArgumentException if the time is negative
   */
  public static Closing drain(Duration atMost) {
    return new Closing(Kind.DRAIN, atMost);
  }

  /**
   * Ends running work.
   *
   * @return this kind of closing
   */
  public static Closing kill() {
    return new Closing(Kind.KILL, Duration.ZERO);
  }
}
