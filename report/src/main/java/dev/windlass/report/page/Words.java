package dev.windlass.report.page;

import dev.windlass.JobOperation;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Times, sizes and states as people read them. Units are the same as those of the command. */
final class Words {

  /** Where nothing is known or nothing was said. */
  static final String NONE = "\u2013";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter OFFSET =
      DateTimeFormatter.ofPattern("'UTC'xxx", Locale.ROOT);
  private static final String[] SIZES = {"KiB", "MiB", "GiB", "TiB", "PiB"};

  private Words() {}

  static String time(Instant time, ZoneId zone) {
    return TIME.format(time.atZone(zone));
  }

  /**
   * Such as {@code Europe/Berlin (UTC+01:00)}, with both where the clocks were changed in between.
   */
  static String zone(Instant from, Instant to, ZoneId zone) {
    String first = OFFSET.format(from.atZone(zone));
    String last = OFFSET.format(to.atZone(zone));
    String offsets = first.equals(last) ? first : first + ", later " + last;
    return zone instanceof ZoneOffset ? offsets : zone.getId() + " (" + offsets + ")";
  }

  static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 1) {
      return duration.toMillis() + " ms";
    }
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
    }
    if (seconds < 3_600) {
      return String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60);
    }
    if (seconds < 100 * 3_600) {
      return String.format(
          Locale.ROOT, "%d:%02d:%02d h", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    }
    return String.format(Locale.ROOT, "%,.1f d", seconds / 86_400.0);
  }

  static String duration(Optional<Duration> duration) {
    return duration.map(Words::duration).orElse(NONE);
  }

  static String bytes(long bytes) {
    if (bytes < 1_024) {
      return bytes + " B";
    }
    double size = bytes / 1_024.0;
    int unit = 0;
    while (size >= 1_023.95 && unit + 1 < SIZES.length) {
      size /= 1_024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", size, SIZES[unit]);
  }

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String count(long count, String noun) {
    return number(count) + " " + noun + (count == 1 ? "" : "s");
  }

  static String percent(double part, double whole) {
    return Math.round(100 * part / whole) + " %";
  }

  static String cpus(double cpus) {
    return BigDecimal.valueOf(Math.round(cpus * 100), 2).stripTrailingZeros().toPlainString();
  }

  /** A sign beside the word, so that colour is not all that tells states apart. */
  static String sign(State state) {
    return switch (state) {
      case WAITING -> "\u25cb";
      case RUNNING -> "\u25b6";
      case FINISHED -> "\u2713";
      case FAILED -> "\u2717";
      case STOPPED -> "\u25a0";
    };
  }

  /** The class of its colour. */
  static String colour(State state) {
    return "s-" + state.serviceName().toLowerCase(Locale.ROOT);
  }

  /** What one instance of a task asks for. */
  static String asked(TaskDescription task) {
    if (task.resources().isPresent()) {
      return resources(task.resources().get());
    }
    return task.placement() instanceof Placement.AutoCluster auto ? auto.instanceType() : "1 cpu";
  }

  static String resources(Resources resources) {
    List<String> parts = new ArrayList<>();
    String cpus = cpus(resources.cpuMillis() / 1_000.0);
    parts.add(cpus + (resources.cpuMillis() == 1_000 ? " cpu" : " cpus"));
    if (resources.memoryBytes() > 0) {
      parts.add(bytes(resources.memoryBytes()));
    }
    if (resources.diskBytes() > 0) {
      parts.add(bytes(resources.diskBytes()) + " disk");
    }
    if (resources.gpus() > 0) {
      parts.add(count(resources.gpus(), "gpu"));
    }
    resources.named().forEach((name, number) -> parts.add(number + " " + name));
    return String.join(", ", parts);
  }

  static String operation(JobOperation operation) {
    return switch (operation.kind()) {
      case STOP -> "stop";
      case PAUSE -> "pause";
      case RESUME -> "resume";
      case SET_PRIORITY -> "priority " + ((JobOperation.SetPriority) operation).priority();
      case RESTART -> "restart";
      case RESTART_FAILED -> "restart of what failed";
      case RESTART_FROM -> "restart from " + ((JobOperation.RestartFrom) operation).task();
      case DELETE -> "delete";
    };
  }
}
