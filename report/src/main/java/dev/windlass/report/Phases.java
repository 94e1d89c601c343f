package dev.windlass.report;

import dev.windlass.AttemptStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * The phases of one attempt. A phase is empty if the attempt never came to it, or if one of its
 * ends is unknown: a crash of the host may have come between a moment and its record, and nothing
 * is made up in its place.
 *
 * @param waiting since it could have begun until it got its place
 * @param staging from there until its program began, or until it failed before that
 * @param running while its program ran
 * @param publishing from there until its logs and outputs were published
 */
public record Phases(
    Optional<Span> waiting,
    Optional<Span> staging,
    Optional<Span> running,
    Optional<Span> publishing) {

  /**
   * Tells the phases of an attempt apart.
   *
   * <p>The times come from several clocks, that of the host and those of its executors. Where they
   * contradict each other, a phase has no length rather than a negative one.
   *
   * @param attempt its times
   * @param now the end of the phase that an attempt is in which is not over
   * @return its phases
   */
  public static Phases of(AttemptStatus attempt, Instant now) {
    Optional<Instant> open = attempt.outcome().isPresent() ? Optional.empty() : Optional.of(now);
    Optional<Instant> ended = attempt.ended();
    return new Phases(
        span(attempt.waitingSince(), attempt.begun()),
        span(attempt.begun(), attempt.started().or(() -> ended).or(() -> open)),
        span(attempt.started(), ended.or(() -> open)),
        span(ended, attempt.published().or(() -> open)));
  }

  private static Optional<Span> span(Optional<Instant> from, Optional<Instant> to) {
    return from.flatMap(start -> to.map(end -> new Span(start, end.isBefore(start) ? start : end)));
  }

  /**
   * One of them.
   *
   * @param phase which
   * @return empty if the attempt never came to it, or one of its ends is unknown
   */
  public Optional<Span> get(Phase phase) {
    return switch (phase) {
      case WAITING -> waiting;
      case STAGING -> staging;
      case RUNNING -> running;
      case PUBLISHING -> publishing;
    };
  }
}
