package dev.windlass.job;

/**
 * The name of a cluster, which a description gives as {@code ClusterId}: 1 to 64 letters, digits,
 * {@code -} and {@code _}, beginning with a letter or {@code _}.
 *
 * @param value the name
 */
public record ClusterName(String value) implements Comparable<ClusterName> {

  /** Longest name in characters. */
  public static final int MAX_LENGTH = 64;

  /**
   * Checks the alphabet and the length.
   *
   * @throws IllegalArgumentException if a rule is broken
   */
  public ClusterName {
    Names.checkServiceName("a cluster name", value, MAX_LENGTH);
  }

  /** Compares the texts. */
  @Override
  public int compareTo(ClusterName other) {
    return value.compareTo(other.value);
  }

  /** The name. */
  @Override
  public String toString() {
    return value;
  }
}
