package dev.windlass.error;

import java.util.Objects;

/**
 * One thing that is wrong with a description.
 *
 * @param code the kind of fault
 * @param path where, as a JSON path such as {@code $.DAG.Tasks.count.InstanceCount}; for text that
 *     is not JSON {@code $} with line and column in the message
 * @param value the offending value as text, shortened to {@value #MAX_VALUE_LENGTH} characters,
 *     empty where there is none or where it could hold a secret
 * @param rule what must hold
 */
public record Fault(ErrorCode code, String path, String value, String rule) {

  /** Longest value that is repeated. */
  public static final int MAX_VALUE_LENGTH = 120;

  /** Shortens the value. */
  public Fault {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(rule, "rule");
    if (value.length() > MAX_VALUE_LENGTH) {
      value = value.substring(0, MAX_VALUE_LENGTH - 3) + "...";
    }
  }

  /** One line for people. */
  @Override
  public String toString() {
    return path + ": " + rule + (value.isEmpty() ? "" : ", was " + value) + " [" + code + "]";
  }
}
