package dev.windlass.core.execution;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.OptionalInt;

/** What a running program says of its progress (design, decision 14). */
public final class Progress {

  /** A program writes a small number; more is not read. */
  private static final int MAX_BYTES = 16;

  private Progress() {}

  /**
   * Reads it.
   *
   * @param directory the attempt's
   * @return 0 to 100; empty if there is none, or what is there is no such number
   */
  public static OptionalInt read(Path directory) {
    Path file = directory.resolve("work").resolve(ProgramEnvironment.PROGRESS_FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return OptionalInt.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      int value =
          Integer.parseInt(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).strip());
      return value >= 0 && value <= 100 ? OptionalInt.of(value) : OptionalInt.empty();
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty(); // not there any more, or being written
    }
  }
}
