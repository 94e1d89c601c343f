package dev.windlass.core.engine;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes the directories of an engine. */
public final class EngineDirectory {
  private EngineDirectory() {}

  /** The file of the state store. */
  public static Path stateFile(Path directory) {
    return directory.resolve("state.db");
  }

  /**
   * Makes a directory, if it is not there, for the owner only: the state holds the environment of
   * programs.
   *
   * @return the directory
   * @throws EngineException {@code DIRECTORY_UNUSABLE}
   */
  public static Path make(Path directory) {
    try {
      if (Files.isDirectory(directory)) {
        return directory;
      }
      Path parent = directory.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      return Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.DIRECTORY_UNUSABLE,
          directory.toString(),
          "the engine's directory " + directory + " cannot be made: " + e,
          e);
    }
  }
}
