package dev.windlass.testkit.machine;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of a node that is made, if nobody interferes.
 *
 * @param delay until it is there, or has failed
 * @param failure why it never is; empty if it comes up
 */
public record NodeCourse(Duration delay, Optional<String> failure) {

  /** A node that is there at once. */
  public static final NodeCourse UP_AT_ONCE = new NodeCourse(Duration.ZERO, Optional.empty());
}
