package dev.windlass.cluster;

/** Where a cluster stands. Source: reference, section 7.2. */
public enum ClusterState {
  /** It takes work, as far as it has nodes. */
  ACTIVE("Active"),
  /** It takes no work any more; it is gone as soon as its nodes are. */
  DELETING("Deleting"),
  /** It is gone. Told once, by an event; no listing shows it. */
  DELETED("Deleted");

  private final String serviceName;

  ClusterState(String serviceName) {
    this.serviceName = serviceName;
  }

  /**
   * How the service writes it.
   *
   * @return such as {@code Active}
   */
  public String serviceName() {
    return serviceName;
  }
}
