package dev.windlass.testkit.machine;

import dev.windlass.testkit.time.Timeline;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** What is wrong with the simulated world at present. Every fault has an end. */
public final class Faults {

  /** A kind of fault. */
  public enum Fault {
    /** The disc of the state store is full. */
    DISK_FULL,
    /** Syncs of the state store fail. */
    SYNC_FAILS,
    /** Writes and syncs of the state store take long. */
    DISK_SLOW,
    /** The storage does not answer. */
    STORAGE_AWAY,
    /** The storage refuses some calls for now, and loses some answers. */
    STORAGE_THROTTLES,
    /** The storage takes long. */
    STORAGE_SLOW,
    /** The backend of the executor does not answer. */
    EXECUTOR_AWAY,
    /** The executor reports twice and late, and throws what it should not. */
    EXECUTOR_ODD
  }

  private final Timeline timeline;
  private final Map<Fault, Long> endNanos = new EnumMap<>(Fault.class);

  public Faults(Timeline timeline) {
    this.timeline = timeline;
  }

  public void begin(Fault fault, Duration length) {
    endNanos.merge(fault, timeline.nanos() + length.toNanos(), Math::max);
  }

  public boolean is(Fault fault) {
    return timeline.nanos() < endNanos.getOrDefault(fault, 0L);
  }

  /** Says so in one of so many cases while a fault lasts. */
  public boolean strikes(Fault fault, int oneIn) {
    return is(fault) && timeline.random().nextInt(oneIn) == 0;
  }

  public void endAll() {
    endNanos.clear();
  }

  /** When the last of them ends. */
  public long endNanos() {
    return endNanos.isEmpty() ? 0 : Collections.max(endNanos.values());
  }
}
