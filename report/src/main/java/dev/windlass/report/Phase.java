package dev.windlass.report;

/** What an attempt does, one after the other. */
public enum Phase {
  /** It could begin, and has no place yet. */
  WAITING,
  /** It has its place, and its data is brought in. */
  STAGING,
  /** Its program runs. */
  RUNNING,
  /** Its program is over, and its logs and outputs are published. */
  PUBLISHING
}
