package dev.windlass;

import dev.windlass.job.State;

/**
 * How many tasks or instances stand in each state. The five add up to all there are.
 *
 * @param waiting at least 0
 * @param running at least 0
 * @param finished at least 0
 * @param failed at least 0
 * @param stopped at least 0
 */
public record Counts(long waiting, long running, long finished, long failed, long stopped) {

  /** None at all. */
  public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a count is negative
   */
  public Counts {
    if (waiting < 0 || running < 0 || finished < 0 || failed < 0 || stopped < 0) {
      throw new IllegalArgumentException(
          "counts must be at least 0, were "
              + String.join(
                  ", ",
                  Long.toString(waiting),
                  Long.toString(running),
                  Long.toString(finished),
                  Long.toString(failed),
                  Long.toString(stopped)));
    }
  }

  /**
   * The count of one state.
   *
   * @param state any
   * @return at least 0
   */
  public long of(State state) {
    return switch (state) {
      case WAITING -> waiting;
      case RUNNING -> running;
      case FINISHED -> finished;
      case FAILED -> failed;
      case STOPPED -> stopped;
    };
  }

  /**
   * All there are.
   *
   * @return the sum of the five
   */
  public long total() {
    return waiting + running + finished + failed + stopped;
  }

  /**
   * The sum, state by state.
   *
   * @param other what to add
   * @return the sum
   */
  public Counts plus(Counts other) {
    return new Counts(
        waiting + other.waiting,
        running + other.running,
        finished + other.finished,
        failed + other.failed,
        stopped + other.stopped);
  }
}
