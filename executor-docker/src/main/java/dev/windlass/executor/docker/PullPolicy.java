package dev.windlass.executor.docker;

/** When an image is fetched from its registry. */
public enum PullPolicy {
  /** Not at all: an image that the Docker engine does not have is refused. */
  NEVER,
  /** When the Docker engine does not have it. */
  IF_MISSING,
  /**
   * Before an attempt that needs it; attempts that come while it is fetched share the one fetch. If
   * the registry does not give it, the attempt is refused, also where an older one is there.
   */
  ALWAYS
}
