package dev.windlass.testkit.machine;

import dev.windlass.job.Outcome;
import java.time.Duration;

/**
 * What becomes of an attempt if nobody interferes.
 *
 * @param delay from the launch to the program's first instruction
 * @param runs how long it runs
 * @param outcome how it ends
 * @param obeys whether it ends soon when it is told to; otherwise it ends when the grace is over
 */
public record Course(Duration delay, Duration runs, Outcome outcome, boolean obeys) {

  /** Runs until it is ended from outside; its outcome then has no meaning. */
  public static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);

  boolean isEndless() {
    return runs.equals(ENDLESS);
  }

  /** A program that begins at once, runs for a while and ends so. */
  public static Course of(Duration runs, Outcome outcome) {
    return new Course(Duration.ZERO, runs, outcome, true);
  }
}
