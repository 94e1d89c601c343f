package dev.windlass.core.execution;

import dev.windlass.core.job.Effect;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has executors make and remove nodes, one call at a time for each node. A call that fails is made
 * again until it succeeds or something else is asked for.
 */
final class Nodes {
  private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final OpenExecutors executors;
  private final Consumer<String> ended;

  /** What was asked for last, by the name of the node, until the executor has taken it. */
  private final Map<String, Effect> wanted = new ConcurrentHashMap<>();

  /** Held during a call about a node. */
  private final Map<String, Object> locks = new ConcurrentHashMap<>();

  /**
   * Asks nobody yet.
   *
   * @param ended is told of nodes whose executors have been asked to end them
   */
  Nodes(OpenExecutors executors, Consumer<String> ended) {
    this.executors = executors;
    this.ended = ended;
  }

  void start(Effect.StartNode start) {
    ask(start.executor(), start.spec().name(), start);
  }

  void end(Effect.EndNode end) {
    ask(end.executor(), end.node(), end);
  }

  private void ask(String executor, String node, Effect what) {
    wanted.put(node, what);
    executors.calls(executor).execute(() -> call(executor, node, what, FIRST_PAUSE));
  }

  private void call(String executor, String node, Effect what, Duration pause) {
    synchronized (locks.computeIfAbsent(node, any -> new Object())) {
      if (wanted.get(node) != what) {
        return;
      }
      try {
        if (what instanceof Effect.StartNode start) {
          executors.get(executor).startNode(start.spec());
        } else {
          executors.get(executor).endNode(node);
          locks.remove(node);
          ended.accept(node);
        }
        wanted.remove(node, what);
      } catch (RuntimeException | Error e) {
        LOG.warn("executor {} cannot be asked for node {}; asking again", executor, node, e);
        Duration twice = pause.multipliedBy(2);
        Duration next = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
        executors.calls(executor).later(pause, () -> call(executor, node, what, next));
      }
    }
  }
}
