package dev.windlass.core.job;

import java.time.Instant;
import java.util.Optional;

/**
 * What came before and after the program of an attempt.
 *
 * @param waitingSince since when the instance could have begun, as far as is known
 * @param begun when the attempt got its place
 * @param published when what there is to publish was published
 */
public record Course(
    Optional<Instant> waitingSince,
    Optional<Instant> begun,
    Optional<Instant> published,
    long bytesStaged,
    long bytesPublished) {

  /** Nothing is known. */
  public static final Course UNKNOWN =
      new Course(Optional.empty(), Optional.empty(), Optional.empty(), 0, 0);

  /** The course of an attempt that begins. */
  static Course begun(Optional<Instant> waitingSince, Optional<Instant> at) {
    return new Course(waitingSince, at, Optional.empty(), 0, 0);
  }

  Course ended(Optional<Instant> at, Data data) {
    return new Course(waitingSince, begun, at, data.bytesStaged(), data.published().bytes());
  }
}
