package dev.windlass.executor.docker;

import com.github.dockerjava.api.model.PullResponseItem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds up what the Docker engine tells of each layer of an image while it fetches it, and passes it
 * on now and then; nothing after the end. Safe for several threads.
 */
final class PullMeter {

  private static final Logger LOG = LoggerFactory.getLogger(PullMeter.class);

  private static final Duration INTERVAL = Duration.ofMillis(500);

  /** How much there is of a layer, and how much has come. */
  private record Layer(long bytes, long totalBytes) {}

  private final String image;
  private final PullListener listener;
  private final Map<String, Layer> layers = new LinkedHashMap<>();
  private boolean over;
  private long toldNanos = System.nanoTime() - INTERVAL.toNanos();

  PullMeter(String image, PullListener listener) {
    this.image = image;
    this.listener = listener;
  }

  synchronized void begin() {
    tell(PullProgress.Phase.BEGUN, "");
  }

  synchronized void take(PullResponseItem item) {
    String layer = item.getId();
    String status = item.getStatus();
    if (layer == null || status == null) {
      return;
    }
    var detail = item.getProgressDetail();
    if (status.equals("Downloading") && detail != null && detail.getTotal() != null) {
      Long come = detail.getCurrent();
      layers.put(layer, new Layer(come == null ? 0 : come, detail.getTotal()));
    } else if (status.equals("Download complete") || status.equals("Pull complete")) {
      layers.computeIfPresent(layer, (id, known) -> new Layer(known.totalBytes, known.totalBytes));
    } else {
      return;
    }
    if (System.nanoTime() - toldNanos >= INTERVAL.toNanos()) {
      tell(PullProgress.Phase.FETCHING, "");
    }
  }

  synchronized void end() {
    tell(PullProgress.Phase.READY, "");
    over = true;
  }

  synchronized void fail(String why) {
    tell(PullProgress.Phase.FAILED, why);
    over = true;
  }

  private void tell(PullProgress.Phase phase, String message) {
    if (over) {
      return;
    }
    toldNanos = System.nanoTime();
    long bytes = layers.values().stream().mapToLong(Layer::bytes).sum();
    long total = layers.values().stream().mapToLong(Layer::totalBytes).sum();
    try {
      listener.onPull(new PullProgress(image, phase, bytes, total, message));
    } catch (RuntimeException e) {
      LOG.error("the listener of fetches failed", e);
    }
  }
}
