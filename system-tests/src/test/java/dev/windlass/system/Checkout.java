package dev.windlass.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/** The checkout that these tests belong to. Tests write only into copies of it. */
final class Checkout {

  /** What a run of an example makes. */
  private static final Set<String> GENERATED =
      Set.of("target", "output", "logs", ".windlass", ".windlass-uploads");

  private Checkout() {}

  /** Its root: the nearest folder upwards that holds the launcher. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("bin/windlass"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException("not started within a checkout");
      }
      folder = parent;
    }
    return folder;
  }

  /** Copies a folder of the checkout, without what runs have made in it. */
  static Path copy(String folder, Path target) {
    Path source = root().resolve(folder);
    try {
      Files.walkFileTree(
          source,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes)
                throws IOException {
              if (GENERATED.contains(found.getFileName().toString())) {
                return FileVisitResult.SKIP_SUBTREE;
              }
              Files.createDirectories(target.resolve(source.relativize(found)));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path found, BasicFileAttributes attributes)
                throws IOException {
              Files.copy(found, target.resolve(source.relativize(found)));
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target;
  }
}
