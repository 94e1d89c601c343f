package dev.windlass;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long jobs are kept that have ended. What exceeds any of the bounds is deleted as by {@link
 * Engine#delete}, a few jobs at a time behind all other work; what ended first goes first. A job of
 * which something still runs or is published, or of which a failed instance keeps capacity ({@link
 * Engine#reserved}), is not deleted, and counts as the others do.
 *
 * @param age how long after its end at most; empty for no bound
 * @param jobs how many that have ended at most; empty for no bound
 * @param stateBytes how large the state is to be at most, as far as deleting such jobs can make it
 *     so; empty for no bound. The state file itself does not shrink: what becomes free in it is
 *     used again. The files of attempts do not count
 */
public record Retention(Optional<Duration> age, OptionalLong jobs, OptionalLong stateBytes) {

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public Retention {
    if (age.map(Duration::isNegative).orElse(false)
        || jobs.orElse(0) < 0
        || stateBytes.orElse(0) < 0) {
      throw new IllegalArgumentException(
          "bounds of retention are not negative: " + age + ", " + jobs + ", " + stateBytes);
    }
  }

  /**
   * Nothing is deleted by itself.
   *
   * @return no bounds
   */
  public static Retention forever() {
    return new Retention(Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
  }

  /**
   * The same with a bound on the time since a job's end.
   *
   * @param most not negative
   * @return a retention
   * @throws IllegalArgumentException if negative
   */
  public Retention keptFor(Duration most) {
    return new Retention(Optional.of(most), jobs, stateBytes);
  }

  /**
   * The same with a bound on how many jobs have ended.
   *
   * @param most not negative
   * @return a retention
   * @throws IllegalArgumentException if negative
   */
  public Retention atMostJobs(long most) {
    return new Retention(age, OptionalLong.of(most), stateBytes);
  }

  /**
   * The same with a bound on the size of the state.
   *
   * @param most in bytes, not negative
   * @return a retention
   * @throws IllegalArgumentException if negative
   */
  public Retention atMostStateBytes(long most) {
    return new Retention(age, jobs, OptionalLong.of(most));
  }

  /**
   * Says whether there is no bound.
   *
   * @return true if nothing is deleted by itself
   */
  public boolean isForever() {
    return age.isEmpty() && jobs.isEmpty() && stateBytes.isEmpty();
  }
}
