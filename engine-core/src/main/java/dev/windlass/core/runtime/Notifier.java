package dev.windlass.core.runtime;

import dev.windlass.JobStatus;
import dev.windlass.core.platform.Lane;
import dev.windlass.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells those who wait for the end of a job, on a lane that does nothing else. */
final class Notifier {
  private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);

  private final Map<JobId, List<CompletableFuture<JobStatus>>> waiting = new ConcurrentHashMap<>();
  private final Lane lane;

  /** Tells nobody yet; all that is told is told on the lane, which must take one at a time. */
  Notifier(Lane lane) {
    this.lane = lane;
  }

  /** A promise that is kept when the job is over. */
  CompletableFuture<JobStatus> whenOver(JobId job) {
    CompletableFuture<JobStatus> promise = new CompletableFuture<>();
    waiting.compute(
        job,
        (id, others) -> {
          List<CompletableFuture<JobStatus>> all =
              others == null ? new ArrayList<>() : new ArrayList<>(others);
          all.removeIf(CompletableFuture::isDone);
          all.add(promise);
          return all;
        });
    return promise;
  }

  /** The jobs somebody waits for. */
  List<JobId> awaited() {
    return List.copyOf(waiting.keySet());
  }

  void over(JobId job, JobStatus status) {
    settle(job, promise -> promise.complete(status));
  }

  void gone(JobId job, RuntimeException why) {
    settle(job, promise -> promise.completeExceptionally(why));
  }

  private void settle(JobId job, Consumer<CompletableFuture<JobStatus>> settle) {
    List<CompletableFuture<JobStatus>> promises = waiting.remove(job);
    if (promises != null) {
      lane.execute(() -> promises.forEach(settle));
    }
  }

  /**
   * Breaks all promises and ends, after what is under way; from within one that is told, without
   * waiting.
   */
  void close(RuntimeException why) {
    awaited().forEach(job -> gone(job, why));
    lane.end();
    if (!lane.awaitEnd(END_PATIENCE)) {
      LOG.warn("one who waited for a job does not return; its thread is left behind");
    }
  }
}
