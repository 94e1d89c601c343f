package dev.windlass;

/** Which of a program's two outputs. */
public enum LogKind {
  /** Standard output. */
  STDOUT,
  /** Standard error. */
  STDERR
}
