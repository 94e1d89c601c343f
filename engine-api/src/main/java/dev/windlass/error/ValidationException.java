package dev.windlass.error;

import java.util.List;
import java.util.stream.Collectors;

/** A description is refused. Nothing was created. All its faults are listed. */
public final class ValidationException extends EngineException {

  private static final long serialVersionUID = 1L;

  private final transient List<Fault> faults;

  /**
   * A refusal.
   *
   * @param subject name of the job, possibly empty
   * @param faults at least one; copied
   * @throws IllegalArgumentException if there is no fault
   */
  public ValidationException(String subject, List<Fault> faults) {
    super(ErrorCode.INVALID, subject, message(faults));
    this.faults = List.copyOf(faults);
    if (faults.isEmpty()) {
      throw new IllegalArgumentException("a refusal has at least one fault");
    }
  }

  /**
   * What is wrong.
   *
   * @return in the order of the description; immutable; at least one
   */
  public List<Fault> faults() {
    return faults;
  }

  private static String message(List<Fault> faults) {
    return faults.size()
        + (faults.size() == 1 ? " fault" : " faults")
        + " in the description:\n  "
        + faults.stream().map(Fault::toString).collect(Collectors.joining("\n  "));
  }
}
