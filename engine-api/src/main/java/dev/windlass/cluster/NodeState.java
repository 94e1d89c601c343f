package dev.windlass.cluster;

/**
 * Where a node stands. Source of all but {@link #DRAINING}, which is ours: reference, section 7.2.
 */
public enum NodeState {
  /** It is being made, and its bootstrap command runs; it takes no work yet. */
  STARTING("Starting"),
  /** It takes work. */
  RUNNING("Running"),
  /** It takes no new work; it is deleted as soon as what runs on it has ended. */
  DRAINING("Draining"),
  /** What runs on it is being ended, and then it is gone. */
  DELETING("Deleting"),
  /** It is gone. Told once, by an event; no listing shows it. */
  DELETED("Deleted");

  private final String serviceName;

  NodeState(String serviceName) {
    this.serviceName = serviceName;
  }

  /**
   * How the service writes it, or would.
   *
   * @return such as {@code Running}
   */
  public String serviceName() {
    return serviceName;
  }
}
