package dev.windlass.job;

import java.util.Comparator;
import java.util.Objects;

/**
 * The identity of one try at running an instance. Deterministic, and never used for a second try.
 *
 * @param instance what is tried
 * @param number 1 for the first attempt of the instance, then counting up, also across restarts of
 *     the job
 */
public record AttemptId(InstanceId instance, int number) implements Comparable<AttemptId> {

  private static final Comparator<AttemptId> ORDER =
      Comparator.comparing(AttemptId::instance).thenComparingInt(AttemptId::number);

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  public AttemptId {
    Objects.requireNonNull(instance, "instance");
    if (number < 1) {
      throw new IllegalArgumentException("number must be at least 1, was " + number);
    }
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @param text {@code job/task/index/number}
   * @return the id
   * @throws IllegalArgumentException if the text has another form
   */
  public static AttemptId parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 4) {
      throw new IllegalArgumentException("an attempt id is job/task/index/number");
    }
    return new InstanceId(new JobId(parts[0]), new TaskName(parts[1]), Integer.parseInt(parts[2]))
        .attempt(Integer.parseInt(parts[3]));
  }

  /**
   * The job of the instance.
   *
   * @return its id
   */
  public JobId job() {
    return instance.job();
  }

  /** Compares by instance and number. */
  @Override
  public int compareTo(AttemptId other) {
    return ORDER.compare(this, other);
  }

  /** {@code job/task/index/number}, which {@link #parse} reads. */
  @Override
  public String toString() {
    return instance + "/" + number;
  }
}
