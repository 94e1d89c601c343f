package dev.windlass.job;

/** Where a job, a task or an instance stands (reference, section 7.1). All three share this set. */
public enum State {
  /** Nothing of it runs yet, or it waits to be tried again. */
  WAITING("Waiting", false),
  /** At least one attempt of it has begun and it has not ended. */
  RUNNING("Running", false),
  /** It ended well. */
  FINISHED("Finished", true),
  /** It ended badly and is not tried again. */
  FAILED("Failed", true),
  /** It was ended by a user, or by the failure of its job, before it was done. */
  STOPPED("Stopped", true);

  private final String serviceName;
  private final boolean ended;

  State(String serviceName, boolean ended) {
    this.serviceName = serviceName;
    this.ended = ended;
  }

  /**
   * The word the service uses for it.
   *
   * @return for example {@code Waiting}
   */
  public String serviceName() {
    return serviceName;
  }

  /**
   * Says whether it stays so unless the user restarts the job.
   *
   * @return true for finished, failed and stopped
   */
  public boolean isEnded() {
    return ended;
  }
}
