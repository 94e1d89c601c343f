package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others find of a directory while it is removed. */
final class TreesTest {

  private static final int ROUNDS = 500;

  @TempDir Path root;

  /** A directory with everything in it, from one moment to the next. */
  private void appear(Path directory) throws IOException {
    Path made = Files.createDirectory(root.resolve("made"));
    for (String file : new String[] {"claim", "exit", "log", "program", "supervisor"}) {
      Files.createFile(made.resolve(file));
    }
    Files.move(made, directory, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void whoComesLateFindsTheClaimTakenOrNothing() throws Exception {
    Path directory = root.resolve("run");
    AtomicBoolean over = new AtomicBoolean();
    AtomicBoolean taken = new AtomicBoolean();
    Thread late =
        new Thread(
            () -> {
              while (!over.get()) {
                try {
                  Files.createFile(directory.resolve("claim"));
                  taken.set(true);
                } catch (IOException e) {
                  // As it should be.
                }
              }
            });
    late.start();
    try {
      for (int round = 0; round < ROUNDS; round++) {
        appear(directory);
        Trees.vanish(directory);
        assertThat(directory).doesNotExist();
      }
    } finally {
      over.set(true);
      late.join();
    }
    assertThat(taken).isFalse();
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void whatALifeThatEndedHasLeftGoesTooAndOnceMoreDoesNothing() throws Exception {
    Path directory = root.resolve("run");
    Files.createDirectories(root.resolve("run.gone/deep"));
    appear(directory);
    Trees.vanish(directory);
    Trees.vanish(directory);
    assertThat(root).isEmptyDirectory();
  }
}
