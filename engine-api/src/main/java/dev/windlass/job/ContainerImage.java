package dev.windlass.job;

import java.util.Objects;
import java.util.Optional;

/**
 * The image in which a command runs, as {@code Command.Docker} of a description.
 *
 * @param name the image's reference; not empty
 * @param runMode the service's {@code RunMode}, kept as it came
 */
public record ContainerImage(String name, Optional<String> runMode) {

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if it is empty, longer than 512 characters, begins with {@code
   *     -} or holds white space or control characters
   */
  public ContainerImage {
    Objects.requireNonNull(runMode, "runMode");
    boolean plain =
        name.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c));
    if (name.isEmpty() || name.length() > 512 || name.startsWith("-") || !plain) {
      throw new IllegalArgumentException(
          "an image name has 1 to 512 characters, no white space, and does not begin with '-'");
    }
  }
}
