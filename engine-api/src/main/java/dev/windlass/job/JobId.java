package dev.windlass.job;

import java.util.regex.Pattern;

/**
 * The key of a job: {@code job-} and 32 lower-case hexadecimal digits, as the service forms it.
 *
 * <p>Ids made by one engine sort in the order of submission.
 *
 * @param value the whole text
 */
public record JobId(String value) implements Comparable<JobId> {

  private static final Pattern FORM = Pattern.compile("job-[0-9a-f]{32}");

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public JobId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a job id is 'job-' and 32 lower-case hexadecimal digits");
    }
  }

  /** Compares the texts. */
  @Override
  public int compareTo(JobId other) {
    return value.compareTo(other.value);
  }

  /** The whole text. */
  @Override
  public String toString() {
    return value;
  }
}
