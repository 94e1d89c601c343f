package dev.windlass.executor;

import java.util.Objects;

/**
 * A fact about a node that an executor observed. {@link #kind()} names the case for a switch.
 *
 * <p>The engine alone decides what a fact means.
 */
public sealed interface NodeReport {

  /** One case for each permitted type. */
  enum Kind {
    /** {@link Up}. */
    UP,
    /** {@link Gone}. */
    GONE
  }

  /**
   * The case.
   *
   * @return one constant for each permitted type
   */
  Kind kind();

  /**
   * Whom it is about.
   *
   * @return the node's name
   */
  String node();

  /**
   * The node is there, and its bootstrap command has ended well.
   *
   * @param node its name
   */
  record Up(String node) implements NodeReport {
    /** Checks for null. */
    public Up {
      Objects.requireNonNull(node, "node");
    }

    @Override
    public Kind kind() {
      return Kind.UP;
    }
  }

  /**
   * The node is not there any more, or never will be, and nothing of it is left.
   *
   * @param node its name
   * @param reason why, for people; empty if the engine had asked for it
   */
  record Gone(String node, String reason) implements NodeReport {
    /** Checks for null. */
    public Gone {
      Objects.requireNonNull(node, "node");
      Objects.requireNonNull(reason, "reason");
    }

    @Override
    public Kind kind() {
      return Kind.GONE;
    }
  }
}
