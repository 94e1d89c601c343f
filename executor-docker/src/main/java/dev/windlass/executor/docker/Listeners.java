package dev.windlass.executor.docker;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is to be done when something happens inside a node. It is told of by a name: the Docker
 * engine's id of an exec that has ended, or the path of the directory of a run or a runner. Safe
 * for several threads.
 */
final class Listeners {

  private final Map<String, Runnable> actions = new ConcurrentHashMap<>();

  /**
   * Has something done each time that a name is told; in place of what was to be done before.
   *
   * @param action must be short; may be run on any thread
   */
  void listen(String name, Runnable action) {
    actions.put(name, action);
  }

  void forget(String name) {
    actions.remove(name);
  }

  /** Does what is to be done; nothing for a name that nobody listens for. */
  void happened(String name) {
    Runnable action = actions.get(name);
    if (action != null) {
      action.run();
    }
  }
}
