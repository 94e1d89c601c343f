package dev.windlass.core.description;

import dev.windlass.error.Fault;
import dev.windlass.error.ValidationException;
import dev.windlass.job.JobDescription;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What came of reading a document: a description, or all that is wrong with it.
 *
 * @param name the job's name as far as it could be read, otherwise empty; for messages
 * @param job the description; present exactly if there is no fault
 * @param faults in the order in which they were found, at most 1,001; immutable
 */
public record Reading(String name, Optional<JobDescription> job, List<Fault> faults) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there are both a description and faults, or neither
   */
  public Reading {
    Objects.requireNonNull(name, "name");
    faults = List.copyOf(faults);
    if (job.isPresent() != faults.isEmpty()) {
      throw new IllegalArgumentException("a reading has either a description or faults");
    }
  }

  /**
   * The description.
   *
   * @return never null
   * @throws ValidationException with all faults, if there are any
   */
  public JobDescription orThrow() {
    return job.orElseThrow(() -> new ValidationException(name, faults));
  }
}
