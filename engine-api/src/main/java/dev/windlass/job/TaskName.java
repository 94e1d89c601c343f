package dev.windlass.job;

/**
 * The name of a task within its job: 1 to 32 letters, digits, {@code -} and {@code _}, beginning
 * with a letter or {@code _} (reference, section 2.2).
 *
 * @param value the name
 */
public record TaskName(String value) implements Comparable<TaskName> {

  /** Longest name in characters. */
  public static final int MAX_LENGTH = 32;

  /**
   * Checks the alphabet and the length.
   *
   * @throws IllegalArgumentException if a rule is broken
   */
  public TaskName {
    Names.checkServiceName("a task name", value, MAX_LENGTH);
  }

  /** Compares the texts. */
  @Override
  public int compareTo(TaskName other) {
    return value.compareTo(other.value);
  }

  /** The name. */
  @Override
  public String toString() {
    return value;
  }
}
