package dev.windlass.executor;

import java.nio.file.Path;

/**
 * What an engine gives an executor for the time between {@link Executor#open} and {@link
 * Executor#close}.
 */
public interface ExecutorContext {

  /**
   * The engine's identity. It stays the same when the engine's directory is opened again, and no
   * other engine has it; an executor marks with it what must be told apart from the work of other
   * engines.
   *
   * @return letters and digits, at most 32
   */
  String engineId();

  /**
   * A directory of the executor's own on this host, for evidence and whatever else must survive.
   *
   * @return absolute path of an existing directory that only the owner can read
   */
  Path directory();

  /**
   * Where the engine keeps the files of attempts: below it lies the {@link AttemptSpec#directory}
   * of each. For executors that must show it to something that is made before the attempts, such as
   * a node.
   *
   * @return absolute path of a directory of this host; it may have to be made
   */
  Path attempts();

  /**
   * Tells the engine a fact. Returns at once; may be called from any thread, also from within a
   * call of the engine. A report about an attempt the engine does not know, or has released, is
   * ignored.
   *
   * @param report what was observed
   */
  void report(AttemptReport report);

  /**
   * Tells the engine a fact about a node. As {@link #report(AttemptReport)}; a report about a node
   * that the engine does not know is ignored.
   *
   * @param report what was observed
   */
  void report(NodeReport report);
}
