package dev.windlass.executor.docker;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a shell's {@code times} prints. */
final class Times {

  private static final Pattern TIME = Pattern.compile("(\\d+)m(\\d+)[.,](\\d+)s");

  private Times() {}

  /** The second line: user and system time of the children that were waited for. */
  static Optional<Duration> ofChildren(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length < 2) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    Matcher matcher = TIME.matcher(lines[1]);
    while (matcher.find()) {
      String nanos = (matcher.group(3) + "000000000").substring(0, 9);
      sum =
          sum.plusMinutes(Long.parseLong(matcher.group(1)))
              .plusSeconds(Long.parseLong(matcher.group(2)))
              .plusNanos(Long.parseLong(nanos));
    }
    return Optional.of(sum);
  }
}
