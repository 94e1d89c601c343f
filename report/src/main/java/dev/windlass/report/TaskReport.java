package dev.windlass.report;

import dev.windlass.TaskStatus;
import dev.windlass.UsageTotals;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Usage;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One task of a job.
 *
 * @param status where it stands
 * @param description what was asked for it
 * @param usage what its attempts that are over used together
 * @param phases how long each phase took, over the attempts of the report; has all phases, in
 *     order; immutable
 * @param cpus how many processors its programs kept busy on the average, over the attempts whose
 *     processor time is known; empty if it is of none
 * @param peakMemoryBytes the most memory that one attempt held; empty if it is known of none
 * @param bookedMemoryBytes the most memory that was booked for one attempt; 0 if none was
 */
public record TaskReport(
    TaskStatus status,
    TaskDescription description,
    UsageTotals usage,
    Map<Phase, PhaseSummary> phases,
    OptionalDouble cpus,
    OptionalLong peakMemoryBytes,
    long bookedMemoryBytes) {

  /** Copies the map. */
  public TaskReport {
    phases = Collections.unmodifiableMap(new EnumMap<>(phases));
  }

  static TaskReport of(
      TaskStatus status,
      TaskDescription description,
      UsageTotals usage,
      List<AttemptReport> attempts) {
    Map<Phase, PhaseSummary> phases = new EnumMap<>(Phase.class);
    for (Phase phase : Phase.values()) {
      phases.put(phase, PhaseSummary.of(attempts, phase));
    }
    return new TaskReport(
        status,
        description,
        usage,
        phases,
        cpus(attempts),
        attempts.stream()
            .map(attempt -> attempt.status().usage().peakMemoryBytes())
            .flatMapToLong(OptionalLong::stream)
            .max(),
        attempts.stream().mapToLong(attempt -> attempt.status().memoryBytes()).max().orElse(0));
  }

  private static OptionalDouble cpus(List<AttemptReport> attempts) {
    Duration busy = Duration.ZERO;
    Duration ran = Duration.ZERO;
    for (AttemptReport attempt : attempts) {
      Usage used = attempt.status().usage();
      if (used.cpu().isPresent() && used.wall().isPresent()) {
        busy = busy.plus(used.cpu().get());
        ran = ran.plus(used.wall().get());
      }
    }
    return ran.isZero() ? OptionalDouble.empty() : OptionalDouble.of(seconds(busy) / seconds(ran));
  }

  private static double seconds(Duration duration) {
    return duration.getSeconds() + duration.getNano() / 1e9;
  }

  /**
   * The task.
   *
   * @return its name
   */
  public TaskName name() {
    return status.name();
  }
}
