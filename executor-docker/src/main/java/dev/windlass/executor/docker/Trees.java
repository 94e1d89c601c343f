package dev.windlass.executor.docker;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Directories with all that is in them. Symbolic links are never followed. */
final class Trees {

  /** At the end of the name of a directory that is being removed. */
  private static final String GONE = ".gone";

  private Trees() {}

  /** Removes a directory; does nothing if there is none. */
  static void delete(Path directory) throws IOException {
    clear(directory);
    Files.deleteIfExists(directory);
  }

  /**
   * Removes a directory whose path others have, who may be about to make something in it: from one
   * moment on they find nothing there, whatever of it is still left. Does nothing if there is none.
   */
  static void vanish(Path directory) throws IOException {
    Path away = directory.resolveSibling(directory.getFileName() + GONE);
    delete(away); // of a life of the host that ended in the midst
    try {
      Files.move(directory, away, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return;
    }
    delete(away);
  }

  /** Removes what is in a directory; does nothing if there is none. */
  static void clear(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (!folder.equals(directory)) {
              Files.deleteIfExists(folder);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
