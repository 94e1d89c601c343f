package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.graph.Faults;
import dev.windlass.core.graph.FieldPath;
import dev.windlass.error.ValidationException;
import dev.windlass.job.RetryPolicy;
import java.util.Optional;

/**
 * A retry policy by itself: {@code retry} as it stands in a description, and beside it {@code
 * maxRetries}, which there is a field of the task.
 */
public final class RetryJson {
  private static final String MAX_RETRIES = "maxRetries";

  private RetryJson() {}

  /**
   * Writes a policy without white space.
   *
   * @param policy any
   * @return the document; {@link #read} gives an equal policy back
   */
  public static String write(RetryPolicy policy) {
    return JsonPrinter.compact(
        RetryWriter.write(policy).put(MAX_RETRIES, policy.maxRetries()).build());
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param text the document
   * @return the policy
   * @throws ValidationException if it is something else
   */
  public static RetryPolicy read(String text) {
    Faults faults = new Faults();
    Optional<RetryPolicy> policy =
        JsonText.parse(text, faults)
            .filter(ObjectValue.class::isInstance)
            .flatMap(tree -> read(new Fields((ObjectValue) tree, FieldPath.ROOT, faults)));
    if (!faults.isEmpty() || policy.isEmpty()) {
      throw new ValidationException("retry", faults.list());
    }
    return policy.get();
  }

  private static Optional<RetryPolicy> read(Fields retry) {
    int maxRetries = retry.integer(MAX_RETRIES, Numbers::toInt).orElse(0);
    return new RetryReader(retry, maxRetries).read();
  }
}
