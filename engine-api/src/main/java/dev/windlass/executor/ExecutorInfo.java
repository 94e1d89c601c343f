package dev.windlass.executor;

import dev.windlass.error.ErrorCode;
import dev.windlass.job.Isolation;
import dev.windlass.job.Resources;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an executor says about itself. The same for its whole life.
 *
 * @param name by which descriptions and clusters name it: 1 to 32 lower-case letters, digits and
 *     {@code -}, beginning with a letter; stable across restarts of the host
 * @param capabilities what it can do; immutable, iterates in the order of the enum
 * @param capacity what its default node offers: for executors of this host, the host
 */
public record ExecutorInfo(String name, Set<Capability> capabilities, Resources capacity) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /**
   * Checks the name and copies the set.
   *
   * @throws IllegalArgumentException if the name breaks its rule
   */
  public ExecutorInfo {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("an executor's name matches " + NAME.pattern());
    }
    EnumSet<Capability> copy = EnumSet.noneOf(Capability.class);
    copy.addAll(capabilities);
    capabilities = Collections.unmodifiableSet(copy);
    Objects.requireNonNull(capacity, "capacity");
  }

  /**
   * Says whether it declares a capability.
   *
   * @param capability any
   * @return true if it does
   */
  public boolean can(Capability capability) {
    return capabilities.contains(capability);
  }

  /**
   * Refuses an attempt that needs what is not declared. For executors, at the beginning of {@link
   * Executor#launch}.
   *
   * @param spec what is to be launched
   * @throws ExecutorException {@code UNSUPPORTED}, naming what is missing
   */
  public void checkNeeds(AttemptSpec spec) {
    Set<Capability> missing = needs(spec);
    missing.removeAll(capabilities);
    if (!missing.isEmpty()) {
      throw new ExecutorException(
          ErrorCode.UNSUPPORTED,
          spec.id(),
          "the attempt needs " + missing + ", which '" + name + "' does not declare",
          null);
    }
  }

  private static Set<Capability> needs(AttemptSpec spec) {
    Set<Capability> needs = EnumSet.noneOf(Capability.class);
    spec.image().ifPresent(image -> needs.add(Capability.IMAGES));
    if (spec.isolation() == Isolation.SEALED) {
      needs.add(Capability.SEALED);
    }
    for (PathBinding binding : spec.bindings()) {
      needs.add(Capability.PROGRAMS);
      if (!spec.workDirectory().resolve(binding.program()).startsWith(spec.workDirectory())) {
        needs.add(Capability.ABSOLUTE_PATHS);
      }
      if (binding.readOnly()) {
        needs.add(Capability.READ_ONLY_BINDINGS);
      }
    }
    return needs;
  }
}
