package dev.windlass.core.description;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * Numbers of the format in the units of the domain. What is too large stays too large: the domain
 * refuses it.
 */
final class Numbers {

  /** Decimals of a number of seconds: the domain counts in nanoseconds. */
  static final int SECONDS_DECIMALS = 9;

  /** Decimals of a number of processors: the domain counts in thousandths. */
  static final int CPUS_DECIMALS = 3;

  private static final BigDecimal MAX_SECONDS = BigDecimal.valueOf(Long.MAX_VALUE / 1_000_000_000);

  private Numbers() {}

  static int toInt(long number) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number));
  }

  /**
   * Reads a decimal number.
   *
   * @throws IllegalArgumentException if it has an exponent or too many decimals
   */
  static BigDecimal decimal(String number, int decimals) {
    boolean plain = number.chars().noneMatch(c -> c == 'e' || c == 'E');
    BigDecimal value = plain ? new BigDecimal(number) : BigDecimal.ZERO;
    if (!plain || value.scale() > decimals) {
      throw new IllegalArgumentException(
          "must be a number without exponent, of at most " + decimals + " decimals");
    }
    return value;
  }

  static Duration toDuration(BigDecimal seconds) {
    BigDecimal clamped = seconds.min(MAX_SECONDS).max(MAX_SECONDS.negate());
    return Duration.ofNanos(clamped.movePointRight(SECONDS_DECIMALS).longValueExact());
  }

  static String toSeconds(Duration duration) {
    BigDecimal seconds =
        BigDecimal.valueOf(duration.getSeconds())
            .add(BigDecimal.valueOf(duration.getNano(), SECONDS_DECIMALS));
    return plain(seconds);
  }

  static long toMillis(BigDecimal units) {
    BigDecimal max = BigDecimal.valueOf(Long.MAX_VALUE);
    return units.movePointRight(CPUS_DECIMALS).min(max).max(max.negate()).longValueExact();
  }

  static String fromMillis(long thousandths) {
    return plain(BigDecimal.valueOf(thousandths, CPUS_DECIMALS));
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
