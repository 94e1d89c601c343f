package dev.windlass.storage.directory;

import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives each file we publish a time of modification of its own.
 *
 * <p>The kernel's times move in steps of up to some milliseconds. Two replacements within one step
 * would look alike if the second got the inode that the first had freed, as it does on tmpfs and
 * ext4. The clock read here is finer, and within this process no value is given out twice.
 */
final class Stamp {

  private static final AtomicLong LAST_MICROS = new AtomicLong();

  private Stamp() {}

  /** The time now, or a microsecond after the last one given out if the clock has not moved on. */
  static FileTime next() {
    // Finer than microseconds the JDK does not set.
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, Clock.systemUTC().instant());
    return FileTime.from(
        LAST_MICROS.accumulateAndGet(now, (last, clock) -> Math.max(last + 1, clock)),
        TimeUnit.MICROSECONDS);
  }
}
