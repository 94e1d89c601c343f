package dev.windlass.job;

/** How surely everything that an attempt started is found and ended. */
public enum Isolation {
  /** Everything in the attempt's session or carrying its cookie in the environment. */
  SESSION,
  /** Everything, without exception: a cgroup, a pid namespace or a container. */
  SEALED
}
