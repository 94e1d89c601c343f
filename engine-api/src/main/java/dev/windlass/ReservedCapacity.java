package dev.windlass;

import dev.windlass.job.InstanceId;
import dev.windlass.job.Resources;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What is kept of an instance that has failed for good, because its task asked for it ({@code
 * AutoCluster.ReserveOnFail}).
 *
 * @param instance the instance; it is {@code FAILED}
 * @param node where its last attempt ran
 * @param resources what stays booked there
 * @param since when the instance failed
 * @param directory all files of the last attempt, as it left them: its working directory {@code
 *     work}, its outputs and its logs. Empty if it has none, as where an executor has no files
 */
public record ReservedCapacity(
    InstanceId instance,
    String node,
    Resources resources,
    Instant since,
    Optional<Path> directory) {
  /** Checks for null. */
  public ReservedCapacity {
    Objects.requireNonNull(instance, "instance");
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(resources, "resources");
    Objects.requireNonNull(since, "since");
    Objects.requireNonNull(directory, "directory");
  }
}
