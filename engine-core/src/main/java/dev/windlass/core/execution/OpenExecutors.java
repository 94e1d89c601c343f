package dev.windlass.core.execution;

import com.google.common.collect.ImmutableMap;
import dev.windlass.core.platform.Lane;
import dev.windlass.core.platform.Platform;
import dev.windlass.executor.Executor;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executors of an engine, by name, each with threads of its own that call it: one that hangs
 * holds up nobody else. Safe for several threads.
 */
final class OpenExecutors {
  private static final Logger LOG = LoggerFactory.getLogger(OpenExecutors.class);

  /** Calls of an executor return soon; a few at once serve thousands of attempts. */
  private static final int CALLS_AT_ONCE = 4;

  private static final Duration END_PATIENCE = Duration.ofSeconds(10);

  private final ImmutableMap<String, Executor> executors;
  private final ImmutableMap<String, Lane> calls;
  private final Map<String, Link> links = new ConcurrentHashMap<>();

  OpenExecutors(ImmutableMap<String, Executor> executors, Platform platform) {
    this.executors = executors;
    ImmutableMap.Builder<String, Lane> lanes = ImmutableMap.builder();
    executors
        .keySet()
        .forEach(name -> lanes.put(name, platform.lane("windlass-calls-" + name, CALLS_AT_ONCE)));
    this.calls = lanes.buildOrThrow();
  }

  /**
   * Opens them one after the other. Blocks. Once.
   *
   * @param made makes what an executor is told about the engine, from its name
   */
  void open(Function<String, Link> made) {
    executors.forEach(
        (name, executor) -> {
          Link link = made.apply(name);
          links.put(name, link);
          executor.open(link);
        });
  }

  Set<String> names() {
    return executors.keySet();
  }

  Executor get(String name) {
    Executor executor = executors.get(name);
    if (executor == null) {
      throw new IllegalArgumentException("there is no executor " + name);
    }
    return executor;
  }

  /** The threads that call an executor. */
  Lane calls(String executor) {
    Lane lane = calls.get(executor);
    if (lane == null) {
      throw new IllegalArgumentException("there is no executor " + executor);
    }
    return lane;
  }

  /** What an executor was told about the engine. */
  Link link(String executor) {
    Link link = links.get(executor);
    if (link == null) {
      throw new IllegalStateException("executor " + executor + " is not open");
    }
    return link;
  }

  /** Calls none of them any more, and closes them. Blocks. Idempotent. */
  void close() {
    calls.values().forEach(Lane::end);
    executors.forEach(
        (name, executor) -> {
          try {
            executor.close();
          } catch (RuntimeException | Error e) {
            LOG.warn("executor {} failed to close", name, e);
          }
        });
  }

  /** Waits a while for calls that were under way. */
  void awaitEnd() {
    calls.values().forEach(OpenExecutors::awaitEnd);
  }

  /** Waits a while for the threads of a lane that has been ended. */
  static void awaitEnd(Lane lane) {
    if (!lane.awaitEnd(END_PATIENCE)) {
      LOG.warn("a thread of an executor or storage does not end; it is left behind");
    }
  }
}
