package dev.windlass.why;

/** Why a task comes before another ({@code docs/scheduling.md}). */
public enum Precedence {
  /** What it needs is kept for it. */
  RESERVATION,
  /** Its job has the higher priority. */
  PRIORITY,
  /** Its job's owner, or the job itself if it names none, uses less of the cluster. */
  SHARE,
  /** Its job was submitted earlier. */
  SUBMISSION,
  /** It is a task of the same job, and from it the path to the end is longer. */
  PATH
}
