package dev.windlass.job;

/** What a job does once more instances of a task have failed for good than the task tolerates. */
public enum FailurePolicy {
  /** It fails at once: what runs is ended. The service's {@code JobFailOnInstanceFail} = true. */
  STOP_AT_ONCE,
  /** Nothing new begins; when what runs has ended, it fails. */
  FINISH_RUNNING,
  /**
   * It goes on with all that can be done, and finishes. The service's {@code JobFailOnInstanceFail}
   * = false.
   */
  GO_ON
}
