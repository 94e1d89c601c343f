package dev.windlass.testkit.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** The clock on the wall of a simulated machine: goes with virtual time, and can be set. */
public final class WallClock implements InstantSource {

  /** Any beginning will do; this one is easy to read in a log. */
  public static final Instant BEGINNING = Instant.parse("2030-01-01T00:00:00Z");

  private final Timeline timeline;
  private final Instant beginning;
  private Duration offset = Duration.ZERO;

  public WallClock(Timeline timeline) {
    this(timeline, BEGINNING);
  }

  /** A clock that shows a time of its own at the beginning. */
  public WallClock(Timeline timeline, Instant beginning) {
    this.timeline = timeline;
    this.beginning = beginning;
  }

  @Override
  public Instant instant() {
    return beginning
        .plusNanos(timeline.nanos())
        .plus(offset)
        .truncatedTo(ChronoUnit.MICROS); // as the store keeps it
  }

  /** Sets it ahead or, with a negative duration, back. */
  public void jump(Duration by) {
    offset = offset.plus(by);
  }
}
