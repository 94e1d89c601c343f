package dev.windlass.core.schedule;

/**
 * From what another try is taken.
 *
 * @param rule position of the rule whose own tries these are; -1 for the other kinds
 */
public record Budget(Kind kind, int rule) {

  /** The causes that have a budget of their own. */
  public enum Kind {

    /** Failures of the program. */
    PROGRAM,
    /** Want of memory. */
    MEMORY,
    /** Failures of the infrastructure. */
    LOSSES,
    /** The tries of a rule that has its own. */
    RULE
  }

  static final Budget PROGRAM = new Budget(Kind.PROGRAM, -1);
  static final Budget MEMORY = new Budget(Kind.MEMORY, -1);
  static final Budget LOSSES = new Budget(Kind.LOSSES, -1);

  static Budget ofRule(int rule) {
    return new Budget(Kind.RULE, rule);
  }
}
