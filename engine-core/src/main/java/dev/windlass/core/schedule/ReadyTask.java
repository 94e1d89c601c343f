package dev.windlass.core.schedule;

import dev.windlass.job.Resources;

/** What the order of the ready queue knows of a task. */
public interface ReadyTask {

  /** Its job. */
  ReadyJob job();

  /** How far the end of the job is; larger is served first. Constant while the task is queued. */
  long remainingPath();

  /** Position within its job; unique there. */
  int ordinal();

  /** What its next instance books. */
  Resources request();

  /** On whose nodes it runs. */
  String executor();

  /** True if it has an instance that could begin now. */
  boolean isReady();
}
