package dev.windlass.testkit.simulation.check;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.windlass.testkit.time.Timeline;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** All that happened in a simulated run, a line each. The same seed writes the same journal. */
public final class Journal {

  /** How many of the last lines are kept; the fingerprint covers all of them. */
  private static final int KEPT = 100_000;

  private static final int MICROS_PER_SECOND = 1_000_000;
  private static final int WIDTH_OF_SECONDS = 10;

  private final Timeline timeline;
  private final Deque<String> lines = new ArrayDeque<>();

  @SuppressWarnings("UnstableApiUsage") // sha256 is stable; the type is not marked so
  private final Hasher hasher = Hashing.sha256().newHasher();

  private long count;

  public Journal(Timeline timeline) {
    this.timeline = timeline;
  }

  public void write(String what) {
    String line = line(timeline.nanos() / 1_000, what);
    lines.add(line);
    if (lines.size() > KEPT) {
      lines.remove();
    }
    hasher.putString(line, StandardCharsets.UTF_8).putByte((byte) '\n');
    count++;
  }

  /** By hand: a format would be parsed anew for each of many thousands of lines. */
  private static String line(long micros, String what) {
    String seconds = Long.toString(micros / MICROS_PER_SECOND);
    String fraction = Long.toString(MICROS_PER_SECOND + micros % MICROS_PER_SECOND);
    return new StringBuilder(WIDTH_OF_SECONDS + 8 + what.length())
        .append(" ".repeat(Math.max(0, WIDTH_OF_SECONDS - seconds.length())))
        .append(seconds)
        .append('.')
        .append(fraction, 1, fraction.length()) // without the one that keeps its zeros
        .append(' ')
        .append(what)
        .toString();
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  public long count() {
    return count;
  }

  /** SHA-256 of all lines; ends the journal. */
  public String fingerprint() {
    return hasher.hash().toString();
  }
}
