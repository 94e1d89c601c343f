package dev.windlass.job;

/** How a task must have ended for one that comes after it to run. */
public enum Condition {
  /** It finished. */
  SUCCESS,
  /** It failed: more of its instances failed than it tolerates. */
  FAILURE,
  /** It ended, however it did, or was left out because its own conditions did not hold. */
  ALWAYS
}
