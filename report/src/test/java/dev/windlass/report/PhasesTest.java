package dev.windlass.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.AttemptStatus;
import dev.windlass.job.InstanceId;
import dev.windlass.job.Outcome;
import dev.windlass.job.TaskName;
import dev.windlass.job.Usage;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which times make which phases, also where some are missing. */
class PhasesTest {

  private static final Instant ZERO = Instant.parse("2030-01-01T00:00:00Z");
  private static final Optional<Outcome> GOOD = Optional.of(new Outcome.Exited(0));

  /** Times in seconds; -1 for one that is not known. */
  private static Phases phases(
      int waitingSince,
      int begun,
      int started,
      int ended,
      int published,
      Optional<Outcome> outcome) {
    return Phases.of(
        new AttemptStatus(
            new InstanceId(SampleReport.JOB, new TaskName("a"), 0).attempt(1),
            "node",
            0,
            at(waitingSince),
            at(begun),
            at(started),
            at(ended),
            at(published),
            outcome,
            Usage.unknown(),
            0,
            0),
        ZERO.plusSeconds(100));
  }

  private static Optional<Instant> at(int second) {
    return second < 0 ? Optional.empty() : Optional.of(ZERO.plusSeconds(second));
  }

  private static Optional<Span> span(int from, int to) {
    return Optional.of(new Span(ZERO.plusSeconds(from), ZERO.plusSeconds(to)));
  }

  private static final Optional<Span> NONE = Optional.empty();

  @Test
  void allPhasesFollowOneAnother() {
    assertThat(phases(0, 1, 3, 7, 8, GOOD))
        .isEqualTo(new Phases(span(0, 1), span(1, 3), span(3, 7), span(7, 8)));
  }

  @Test
  void whatIsNotOverLastsUntilNow() {
    assertThat(phases(0, 1, -1, -1, -1, Optional.empty()))
        .isEqualTo(new Phases(span(0, 1), span(1, 100), NONE, NONE));
    assertThat(phases(0, 1, 3, -1, -1, Optional.empty()))
        .isEqualTo(new Phases(span(0, 1), span(1, 3), span(3, 100), NONE));
    assertThat(phases(0, 1, 3, 7, -1, Optional.empty()))
        .isEqualTo(new Phases(span(0, 1), span(1, 3), span(3, 7), span(7, 100)));
  }

  @Test
  void anAttemptThatFailedInStagingNeverRan() {
    Optional<Outcome> failed = Optional.of(new Outcome.StageInFailed("no such object", false));

    assertThat(phases(0, 1, -1, 5, 6, failed))
        .isEqualTo(new Phases(span(0, 1), span(1, 5), NONE, span(5, 6)));
  }

  @Test
  void whatIsNotKnownIsNotMadeUp() {
    assertThat(phases(0, -1, 3, 7, 8, GOOD))
        .isEqualTo(new Phases(NONE, NONE, span(3, 7), span(7, 8)));
    assertThat(phases(-1, -1, -1, -1, -1, Optional.of(new Outcome.Lost("gone"))))
        .isEqualTo(new Phases(NONE, NONE, NONE, NONE));
    assertThat(phases(0, 1, 3, 7, -1, GOOD).publishing()).isEmpty();
  }

  @Test
  void clocksThatDisagreeMakeNoNegativeTimes() {
    assertThat(phases(5, 4, 3, 7, 6, GOOD))
        .isEqualTo(new Phases(span(5, 5), span(4, 4), span(3, 7), span(7, 7)));
  }
}
