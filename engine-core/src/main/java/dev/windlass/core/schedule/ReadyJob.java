package dev.windlass.core.schedule;

/** What the order of the ready queue knows of a job. */
public interface ReadyJob {

  /** Larger is served first. Constant while a task of the job is queued. */
  int priority();

  /**
   * Whose capacity it uses: one name for all jobs of an owner, or one of its own. Constant while a
   * task of the job is queued.
   */
  String share();

  /** How much the share may use beside others; at least 1. The last job that came in decides. */
  int weight();

  /** Order of submission; unique. */
  long sequence();

  /** True if no further instance of the job may begin at present, whatever is free. */
  boolean isCapped();
}
