package dev.windlass.report;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * How long a phase took over many attempts.
 *
 * @param attempts in how many attempts its length is known
 * @param total all lengths together
 * @param median half of them are not longer; zero if there are none
 * @param longest the longest of them; zero if there are none
 */
public record PhaseSummary(long attempts, Duration total, Duration median, Duration longest) {

  /**
   * Sums up one phase.
   *
   * @param attempts any
   * @param phase which phase of them
   * @return the summary of those that have it
   */
  static PhaseSummary of(List<AttemptReport> attempts, Phase phase) {
    Duration[] lengths =
        attempts.stream()
            .map(attempt -> attempt.phases().get(phase))
            .flatMap(Optional::stream)
            .map(Span::length)
            .sorted()
            .toArray(Duration[]::new);
    if (lengths.length == 0) {
      return new PhaseSummary(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }
    return new PhaseSummary(
        lengths.length,
        Arrays.stream(lengths).reduce(Duration.ZERO, Duration::plus),
        lengths[(lengths.length - 1) / 2],
        lengths[lengths.length - 1]);
  }
}
