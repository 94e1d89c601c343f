package dev.windlass.testkit.engine;

import dev.windlass.testkit.time.HostCrashed;
import dev.windlass.testkit.time.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The one thread of a test engine, and how it lets virtual time pass. */
final class VirtualTime {
  private final Thread owner = Thread.currentThread();
  private final Timeline timeline;

  VirtualTime(Timeline timeline) {
    this.timeline = timeline;
  }

  Timeline timeline() {
    return timeline;
  }

  /** Refuses other threads: they would see the engine in the midst of a step. */
  void checkThread() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException(
          "a test engine is for the thread that made it, '"
              + owner.getName()
              + "', and was called from '"
              + Thread.currentThread().getName()
              + "'; run the code under test on the thread of the test");
    }
  }

  /** Refuses other threads, and what is called by a listener or program: time passes already. */
  void checkOutside(String what) {
    checkThread();
    if (timeline.isInsideStep()) {
      throw new IllegalStateException(
          what + " is for the test itself, not for listeners and programs");
    }
  }

  /** Makes a call of the engine, in whose midst time may pass and the host may crash. */
  <T> T call(Supplier<T> call) {
    if (timeline.isInsideStep()) {
      return call.get(); // a crash unwinds the whole step
    }
    List<T> answer = new ArrayList<>(1);
    if (HostCrashed.unwinds(() -> answer.add(call.get()))) {
      throw new IllegalStateException(
          "the host crashed during this call; whether the call took effect is not known");
    }
    return answer.get(0);
  }

  /**
   * Lets one thing happen.
   *
   * @return false if nothing is left to happen
   * @throws IllegalStateException if the thread is interrupted, as a timeout of the test does
   */
  boolean step() {
    if (Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("interrupted while virtual time passed");
    }
    return timeline.step();
  }

  /**
   * Lets things happen until a condition holds.
   *
   * @return false if nothing is left to happen and it does not hold
   */
  boolean runUntil(BooleanSupplier holds) {
    while (!holds.getAsBoolean()) {
      if (!step()) {
        return holds.getAsBoolean();
      }
    }
    return true;
  }

  /** Does the same for the test itself: it survives a crash of the host. */
  void runFromOutside(BooleanSupplier holds) {
    boolean[] more = {true};
    while (more[0] && !holds.getAsBoolean()) {
      boolean crashed = HostCrashed.unwinds(() -> more[0] = step());
      more[0] |= crashed;
    }
  }
}
