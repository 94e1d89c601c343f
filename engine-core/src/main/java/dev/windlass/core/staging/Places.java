package dev.windlass.core.staging;

import dev.windlass.executor.PathBinding;
import dev.windlass.job.Mapping;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where on this host the local paths of a task's mappings lie for one attempt: relative ones below
 * the working directory, absolute ones in a place of their own that the executor binds.
 */
final class Places {
  private final Path work;
  private final Path places;
  private final List<Mapping> mappings;

  Places(Path attemptDirectory, List<Mapping> mappings) {
    this.work = attemptDirectory.resolve("work");
    this.places = attemptDirectory.resolve("places");
    this.mappings = mappings;
  }

  /** The file or directory of a mapping. */
  Path host(int mapping) {
    String local = mappings.get(mapping).local();
    return isAbsolute(mapping)
        ? places.resolve(Integer.toString(mapping)).resolve(lastSegment(local))
        : work.resolve(local).normalize();
  }

  /** How the executor makes the mapping visible, if its place is not where the program looks. */
  Optional<PathBinding> binding(int mapping, boolean readOnly) {
    return isAbsolute(mapping)
        ? Optional.of(new PathBinding(host(mapping), program(mapping), readOnly))
        : Optional.empty();
  }

  /** The path without its trailing slash. */
  String program(int mapping) {
    String local = mappings.get(mapping).local();
    return local.endsWith("/") ? local.substring(0, local.length() - 1) : local;
  }

  private boolean isAbsolute(int mapping) {
    return mappings.get(mapping).local().startsWith("/");
  }

  private static String lastSegment(String local) {
    String trimmed = local.endsWith("/") ? local.substring(0, local.length() - 1) : local;
    return trimmed.substring(trimmed.lastIndexOf('/') + 1);
  }
}
