package dev.windlass.executor;

import java.nio.file.Path;

/**
 * A file or directory of this host that the program must see at another path.
 *
 * @param host absolute path of an existing file or directory
 * @param program where the program sees it: absolute, or relative to the working directory;
 *     normalised, without {@code .} and {@code ..}, without a trailing {@code /}
 * @param readOnly true if the program must not be able to change what lies there
 */
public record PathBinding(Path host, String program, boolean readOnly) {

  /**
   * Checks the host path.
   *
   * @throws IllegalArgumentException if it is not absolute, or the program's path is empty
   */
  public PathBinding {
    if (!host.isAbsolute()) {
      throw new IllegalArgumentException("the host path must be absolute, was " + host);
    }
    if (program.isEmpty()) {
      throw new IllegalArgumentException("the program's path is not empty");
    }
  }
}
