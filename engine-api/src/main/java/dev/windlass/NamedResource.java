package dev.windlass;

import dev.windlass.job.Resources;

/**
 * A counted resource of the whole engine, such as the licences of a program.
 *
 * @param name as {@link Resources#checkName} says
 * @param total how many there are, 0 to {@value Resources#MAX_NAMED}
 * @param inUse how many are booked by attempts under way. More than the total if that was lowered,
 *     until enough of them have ended
 */
public record NamedResource(String name, int total, int inUse) {

  /**
   * Checks the name and the ranges.
   *
   * @throws IllegalArgumentException if the name breaks its rule or a number is out of range
   */
  public NamedResource {
    Resources.checkName(name);
    if (total < 0 || total > Resources.MAX_NAMED || inUse < 0) {
      throw new IllegalArgumentException(
          "a total is 0 to " + Resources.MAX_NAMED + ", was " + total + " with " + inUse);
    }
  }
}
