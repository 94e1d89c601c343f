package dev.windlass.cli;

import dev.windlass.executor.docker.PullListener;
import dev.windlass.executor.docker.PullProgress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;

/** What there is to say about images that are being fetched. Safe for several threads. */
final class Fetches implements PullListener {

  private static final double MIB = 1 << 20;
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

  private final Queue<String> lines = new ArrayDeque<>();
  private final Map<String, Long> saidNanos = new HashMap<>();

  /** What has not been said yet. */
  synchronized List<String> take() {
    List<String> all = new ArrayList<>(lines);
    lines.clear();
    return all;
  }

  @Override
  public synchronized void onPull(PullProgress progress) {
    String image = progress.image();
    switch (progress.phase()) {
      case BEGUN -> say(image, "fetching the image " + image);
      case FETCHING -> {
        Long before = saidNanos.get(image);
        if (before == null || System.nanoTime() - before >= BETWEEN_LINES.toNanos()) {
          String share =
              String.format(
                  Locale.ROOT,
                  "%.1f of %.1f MiB",
                  progress.bytes() / MIB,
                  progress.totalBytes() / MIB);
          say(image, "fetching the image " + image + ": " + share);
        }
      }
      case READY -> say(image, "the image " + image + " is there");
      case FAILED -> {
        // What becomes of its instances says why.
      }
    }
  }

  private void say(String image, String line) {
    saidNanos.put(image, System.nanoTime());
    lines.add(line);
  }
}
