package dev.windlass.core.staging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.LogBound;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A log of which both ends are kept can be read from any position. */
final class ShortLogTest {

  @Property(tries = 300)
  void whatIsKeptStandsWhereAReaderLooksForIt(
      @ForAll @IntRange(max = 300) int size,
      @ForAll @IntRange(max = 60) int head,
      @ForAll @IntRange(max = 60) int tail,
      @ForAll long seed)
      throws Exception {
    byte[] whole = new byte[size];
    new Random(seed).nextBytes(whole);
    Path file = Files.createTempFile("log", null);
    try {
      Files.write(file, whole);
      ShortLog.shorten(file, new LogBound(head, tail));
      byte[] kept = Files.readAllBytes(file);
      ShortLog.shorten(file, new LogBound(head, tail));
      assertThat(Files.readAllBytes(file)).as("shortened twice").isEqualTo(kept);
      OptionalLong leftOut = leftOut(kept, head);
      assertThat(leftOut.isPresent()).isEqualTo(size - head - tail > ShortLog.LONGEST_NOTE);
      if (leftOut.isEmpty()) {
        assertThat(kept).isEqualTo(whole);
        return;
      }
      assertThat(leftOut).hasValue(size - head - tail);
      assertThat(Arrays.copyOf(kept, head)).isEqualTo(Arrays.copyOf(whole, head));
      ShortLog log = new ShortLog(head, leftOut.getAsLong());
      for (int position = size - tail; position <= size; position++) {
        int at = (int) log.kept(position);
        assertThat(Arrays.copyOfRange(kept, at, kept.length))
            .isEqualTo(Arrays.copyOfRange(whole, position, size));
      }
      assertThat(log.kept(head)).isEqualTo(head);
      assertThat(log.kept(size - tail - 1)).isEqualTo(head);
    } finally {
      Files.delete(file);
    }
  }

  /** A host that was killed in the midst leaves the log as it was, and half of another file. */
  @Example
  void whatACrashLeftIsBegunAnew() throws Exception {
    Path directory = Files.createTempDirectory("log");
    Path file = directory.resolve("stdout");
    Path half = directory.resolve("stdout.short");
    try {
      Files.writeString(file, "a".repeat(100) + "b".repeat(100));
      Files.writeString(half, "half of");
      ShortLog.shorten(file, new LogBound(3, 5));
      assertThat(file).hasContent("aaa\n... 192 bytes left out ...\nbbbbb");
      assertThat(half).doesNotExist();
    } finally {
      Files.deleteIfExists(file);
      Files.deleteIfExists(half);
      Files.delete(directory);
    }
  }

  private static OptionalLong leftOut(byte[] kept, int head) {
    int end = Math.min(kept.length, head + ShortLog.LONGEST_NOTE);
    return head >= kept.length
        ? OptionalLong.empty()
        : ShortLog.leftOut(Arrays.copyOfRange(kept, head, end));
  }

  @Property(tries = 50)
  void whatAProgramSaysIsNoNote(@ForAll byte[] said) {
    assertThat(ShortLog.leftOut(said)).isEmpty();
    assertThat(ShortLog.leftOut("\n... 12 bytes left out ...".getBytes(StandardCharsets.UTF_8)))
        .isEmpty();
  }
}
