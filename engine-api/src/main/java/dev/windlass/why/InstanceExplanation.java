package dev.windlass.why;

import dev.windlass.job.InstanceId;
import java.util.List;

/**
 * Why an instance does not run, or that it does.
 *
 * @param instance the instance
 * @param reasons at least one; what must come first stands first
 * @param remedies at most one of each kind, in the order of {@link Remedy.Kind}; empty if no change
 *     of these kinds alone would do
 */
public record InstanceExplanation(
    InstanceId instance, List<Reason> reasons, List<Remedy> remedies) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there is no reason
   */
  public InstanceExplanation {
    reasons = List.copyOf(reasons);
    remedies = List.copyOf(remedies);
    if (reasons.isEmpty()) {
      throw new IllegalArgumentException("an explanation has a reason");
    }
  }
}
