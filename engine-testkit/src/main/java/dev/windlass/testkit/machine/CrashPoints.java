package dev.windlass.testkit.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The moments at which a host could crash: before and after every write and sync of the state
 * store, every call of the executor, every change of the storage, and before every task of a lane.
 * Counted, so that a run can be repeated with a crash at each of them.
 */
public final class CrashPoints {
  private final long crashAt;
  private final Consumer<String> crash;
  private final List<String> passed = new ArrayList<>();

  /**
   * Points without a crash, or with one.
   *
   * @param crashAt number of the point at which the host crashes; 0 for none
   * @param crash ends the host, told where; it need not return
   */
  public CrashPoints(long crashAt, Consumer<String> crash) {
    this.crashAt = crashAt;
    this.crash = crash;
  }

  public void pass(String where) {
    passed.add(where);
    if (passed.size() == crashAt) {
      crash.accept(where);
    }
  }

  /** Where the points were, the first one first. */
  public List<String> passed() {
    return passed;
  }
}
