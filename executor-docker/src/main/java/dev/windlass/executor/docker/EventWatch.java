package dev.windlass.executor.docker;

import com.github.dockerjava.api.model.Event;
import dev.windlass.job.AttemptId;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what happens to all containers of this executor: one stream, however many there are.
 *
 * <p>When it breaks it is opened again, and then everything is looked at once: the Docker engine
 * keeps but few events, so what a new stream tells of the time between may have gaps. For the same
 * reason everything is looked at now and then, also while the stream seems well.
 */
final class EventWatch {

  private static final Logger LOG = LoggerFactory.getLogger(EventWatch.class);

  private static final Duration RETRY = Duration.ofMillis(500);
  private static final Duration PATROL = Duration.ofSeconds(30);
  private static final long NANOS = 1_000_000_000L;

  /** Signals by which somebody ends a program. */
  private static final Set<String> ENDING = Set.of("1", "2", "3", "9", "15");

  private final Daemon daemon;
  private final Labels labels;
  private final Workers workers;
  private final Function<AttemptId, Optional<Attempt>> known;
  private final BiConsumer<String, Event> nodes;
  private final Runnable lookAtAll;
  private volatile long latestNanos;
  private volatile boolean closed;
  private @Nullable Closeable stream;

  /**
   * A watch that has not begun.
   *
   * @param since of the Docker engine's time; what happens from then on is told
   * @param known finds attempts
   * @param nodes takes what happens to a node, or in it
   * @param lookAtAll is run when something may have been missed
   */
  EventWatch(
      Daemon daemon,
      Labels labels,
      Workers workers,
      Instant since,
      Function<AttemptId, Optional<Attempt>> known,
      BiConsumer<String, Event> nodes,
      Runnable lookAtAll) {
    this.latestNanos = since.getEpochSecond() * NANOS + since.getNano();
    this.daemon = daemon;
    this.labels = labels;
    this.workers = workers;
    this.known = known;
    this.nodes = nodes;
    this.lookAtAll = lookAtAll;
  }

  void start() {
    open();
    workers.every(PATROL, lookAtAll);
  }

  private synchronized void open() {
    if (closed) {
      return;
    }
    // The stream is there some time after it was asked for; what happens meanwhile is told again.
    String since =
        String.format(
            java.util.Locale.ROOT, "%d.%09d", (latestNanos + 1) / NANOS, (latestNanos + 1) % NANOS);
    stream = daemon.events(labels.own(), since, this::take, this::broke);
  }

  private void broke() {
    if (closed) {
      return;
    }
    LOG.info("the event stream of {} has ended; it is opened again", daemon.address());
    reopenLater();
  }

  private void reopenLater() {
    workers.later(RETRY, () -> workers.execute(this::reopen));
  }

  private void reopen() {
    try {
      // The stream itself would not say whether anybody listens.
      daemon.calls().within(() -> daemon.docker().pingCmd().exec());
      open();
      lookAtAll.run();
    } catch (DaemonSilentException | com.github.dockerjava.api.exception.DockerException e) {
      LOG.debug("the Docker engine does not answer yet", e);
      reopenLater();
    }
  }

  private void take(Event event) {
    if (event.getTimeNano() != null) {
      latestNanos = Math.max(latestNanos, event.getTimeNano());
    }
    if (event.getActor() == null || event.getActor().getAttributes() == null) {
      return;
    }
    Map<String, String> attributes = event.getActor().getAttributes();
    labels.nodeOf(attributes).ifPresent(node -> nodes.accept(node, event));
    labels
        .attempt(attributes)
        .flatMap(known)
        .ifPresent(attempt -> tell(attempt, event, attributes));
  }

  private static void tell(Attempt attempt, Event event, Map<String, String> attributes) {
    String action = String.valueOf(event.getAction());
    switch (action) {
      case "start" -> attempt.begun(time(event));
      case "kill" -> {
        String signal = attributes.getOrDefault("signal", "");
        if (ENDING.contains(signal)) {
          attempt.signalled(signal);
        }
      }
      case "die" -> attempt.over();
      case "destroy" -> attempt.look();
      default -> {}
    }
  }

  private static Instant time(Event event) {
    Long nanos = event.getTimeNano();
    return nanos == null ? Instant.now() : Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS);
  }

  synchronized void close() {
    closed = true;
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException e) {
        LOG.debug("the event stream did not close", e);
      }
    }
  }
}
