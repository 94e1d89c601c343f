package dev.windlass.testkit.machine;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.NodeSpec;

/** The programs of a simulated machine, and its nodes. */
public interface Programs {

  /**
   * What becomes of an attempt; asked once for each. What it throws, the launch throws, and nothing
   * was launched.
   */
  Course course(AttemptSpec spec);

  /** What becomes of a node that is made; asked once for each. */
  default NodeCourse nodeCourse(NodeSpec spec) {
    return NodeCourse.UP_AT_ONCE;
  }

  /** An attempt's program begins: its first instruction. */
  default void begins(AttemptSpec spec) {}

  /** An attempt's program comes to its own end: the last it does. Not called if it is ended. */
  default void ends(AttemptSpec spec, Course course) {}
}
