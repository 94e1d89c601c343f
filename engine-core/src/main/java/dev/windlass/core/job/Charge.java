package dev.windlass.core.job;

import dev.windlass.UsageTotals;
import java.time.Duration;
import java.time.Instant;

/** What an attempt that is over adds to the sums of its task and its owner. */
final class Charge {
  private static final double BYTES_PER_KIB = 1_024;
  private static final double NANOS_PER_SECOND = 1e9;

  private Charge() {}

  static Change.UsageAdded of(LiveInstance instance) {
    JobRun job = instance.task.job;
    return new Change.UsageAdded(
        job.sequence, instance.task.ordinal, job.description.owner().orElse(""), totals(instance));
  }

  private static UsageTotals totals(LiveInstance instance) {
    Duration ran = instance.usage.wall().orElseGet(() -> ran(instance));
    double kib = instance.request.memoryBytes() / BYTES_PER_KIB;
    return new UsageTotals(
        1,
        ran,
        instance.usage.cpu().orElse(Duration.ZERO),
        Math.round(kib * (ran.toNanos() / NANOS_PER_SECOND)),
        instance.course.bytesStaged(),
        instance.course.bytesPublished());
  }

  /** By the clock on the wall, where its executor has not measured it: it may have been lost. */
  private static Duration ran(LiveInstance instance) {
    if (instance.started.isEmpty() || instance.ended.isEmpty()) {
      return Duration.ZERO;
    }
    Instant from = instance.started.get();
    Duration ran = Duration.between(from, instance.ended.get());
    return ran.isNegative() ? Duration.ZERO : ran;
  }
}
