package dev.windlass.job;

/**
 * How many instances of a task may fail for good with the task still counting as finished: the
 * larger of a number and a part of all.
 *
 * @param instances at least 0
 * @param percent 0 to 100, of the task's instances; rounded down
 */
public record Tolerance(int instances, int percent) {

  /** None may fail. */
  public static final Tolerance NONE = new Tolerance(0, 0);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a part is out of range
   */
  public Tolerance {
    if (instances < 0) {
      throw new IllegalArgumentException(
          "the number of tolerated failures must be at least 0, was " + instances);
    }
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException(
          "the tolerated part must be 0 to 100 percent, was " + percent);
    }
  }

  /**
   * Up to so many instances.
   *
   * @param count at least 0
   * @return the tolerance
   */
  public static Tolerance ofInstances(int count) {
    return new Tolerance(count, 0);
  }

  /**
   * Up to a part of the instances.
   *
   * @param percent 0 to 100
   * @return the tolerance
   */
  public static Tolerance ofPercent(int percent) {
    return new Tolerance(0, percent);
  }

  /**
   * How many failures this is.
   *
   * @param instanceCount how many instances the task has
   * @return the most that may fail
   */
  public int of(int instanceCount) {
    return (int) Math.max(instances, (long) instanceCount * percent / 100);
  }
}
