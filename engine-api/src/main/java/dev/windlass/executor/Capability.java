package dev.windlass.executor;

/**
 * What an executor can do. What it does not declare is never asked of it: a job that needs it is
 * refused at submission.
 */
public enum Capability {
  /**
   * Runs the command as a program of an operating system, with files. Before {@link
   * Executor#launch} the engine has made the attempt's directory and staged its mappings. Without
   * this capability neither exists, and tasks with mappings or a package are refused.
   */
  PROGRAMS,
  /** A {@link PathBinding} may name any absolute path, not only one below the working directory. */
  ABSOLUTE_PATHS,
  /**
   * A {@link PathBinding} can be made read-only, so that a store's own files may be bound without a
   * copy.
   */
  READ_ONLY_BINDINGS,
  /** Runs the command in the container image that the task names. */
  IMAGES,
  /** Ends an attempt that uses more memory than it booked, and proves it. */
  MEMORY_LIMIT,
  /** Gives an attempt no more processor time than it booked. */
  CPU_LIMIT,
  /** {@link dev.windlass.job.Isolation#SEALED} holds for attempts that ask for it. */
  SEALED,
  /** Attempts and their evidence outlive the JVM of the engine. */
  SURVIVES_HOST,
  /**
   * Makes and keeps the nodes of clusters: {@link Executor#startNode} and {@link Executor#endNode}.
   * Without it a node is a part of the executor's capacity and there at once.
   */
  NODES
}
