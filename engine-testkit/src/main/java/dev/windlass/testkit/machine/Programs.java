package dev.windlass.testkit.machine;

import dev.windlass.executor.AttemptSpec;

/** The programs of a simulated machine. */
public interface Programs {

  /**
   * What becomes of an attempt; asked once for each. What it throws, the launch throws, and nothing
   * was launched.
   */
  Course course(AttemptSpec spec);

  /** An attempt's program begins: its first instruction. */
  default void begins(AttemptSpec spec) {}

  /** An attempt's program comes to its own end: the last it does. Not called if it is ended. */
  default void ends(AttemptSpec spec, Course course) {}
}
