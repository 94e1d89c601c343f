package dev.windlass.job;

import java.util.Comparator;
import java.util.Objects;

/**
 * The identity of an instance.
 *
 * @param job its job
 * @param task its task
 * @param index 0 to the task's instance count less one
 */
public record InstanceId(JobId job, TaskName task, int index) implements Comparable<InstanceId> {

  private static final Comparator<InstanceId> ORDER =
      Comparator.comparing(InstanceId::job)
          .thenComparing(InstanceId::task)
          .thenComparingInt(InstanceId::index);

  /**
   * Checks the index.
   *
   * @throws IllegalArgumentException if the index is negative
   */
  public InstanceId {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(task, "task");
    if (index < 0) {
      throw new IllegalArgumentException("index must be at least 0, was " + index);
    }
  }

  /**
   * The id of one try at this instance.
   *
   * @param number 1 for the first
   * @return the attempt's id
   */
  public AttemptId attempt(int number) {
    return new AttemptId(this, number);
  }

  /** Compares by job, task and index. */
  @Override
  public int compareTo(InstanceId other) {
    return ORDER.compare(this, other);
  }

  /** {@code job/task/index}. */
  @Override
  public String toString() {
    return job + "/" + task + "/" + index;
  }
}
