package dev.windlass.cli;

import dev.windlass.job.Resources;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Times and counts as people read them. */
final class Words {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private Words() {}

  /** In this host's time zone; {@code -} if there is none, as the service's console has it. */
  static String time(Optional<Instant> time) {
    return time.map(instant -> TIME.format(instant.atZone(ZoneId.systemDefault()))).orElse("-");
  }

  /** From one moment to another; {@code -} if either is missing. */
  static String between(Optional<Instant> from, Optional<Instant> to) {
    return from.flatMap(start -> to.map(end -> duration(Duration.between(start, end)))).orElse("-");
  }

  static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
    }
    return seconds < 3_600
        ? String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d h", seconds / 3_600, seconds / 60 % 60, seconds % 60);
  }

  /** Such as {@code 2 cpus, 4.0 GiB}; GPUs where there are any. */
  static String resources(Resources resources) {
    String gpus = resources.gpus() == 0 ? "" : ", " + count(resources.gpus(), "gpu");
    return String.format(
        Locale.ROOT,
        "%s cpus, %.1f GiB%s",
        BigDecimal.valueOf(resources.cpuMillis(), 3).stripTrailingZeros().toPlainString(),
        resources.memoryBytes() / (double) (1L << 30),
        gpus);
  }

  static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /**
   * That a job is paused.
   *
   * @param reason as the user gave it, possibly blank
   */
  static String paused(String reason) {
    return "paused by the user" + (reason.isBlank() ? "" : ": " + reason);
  }
}
