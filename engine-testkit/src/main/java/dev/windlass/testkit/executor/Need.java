package dev.windlass.testkit.executor;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.ContainerImage;
import dev.windlass.job.Isolation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an attempt can ask for beyond a command, and which capability that takes. */
enum Need {
  /** A path below the working directory. */
  BINDING(Capability.PROGRAMS),
  /** A path outside of it. */
  ABSOLUTE_BINDING(Capability.ABSOLUTE_PATHS),
  /** A path that the program cannot change. */
  READ_ONLY_BINDING(Capability.READ_ONLY_BINDINGS),
  /** An image. */
  IMAGE(Capability.IMAGES),
  /** To be ended without exception. */
  SEALED(Capability.SEALED);

  private static final Optional<ContainerImage> NO_IMAGE =
      Optional.of(new ContainerImage("windlass-contract/none:none", Optional.empty()));

  private final Capability capability;

  Need(Capability capability) {
    this.capability = capability;
  }

  Capability capability() {
    return capability;
  }

  /**
   * Adds needs to a specification.
   *
   * @param bound an existing directory for the bindings
   * @param name of a path that is not there
   * @param hasImage whether an image is named already
   */
  static AttemptSpec.Builder addAll(
      Set<Need> needs, AttemptSpec.Builder spec, Path bound, String name, boolean hasImage) {
    List<PathBinding> bindings = new ArrayList<>();
    for (Need need : needs) {
      switch (need) {
        case BINDING -> bindings.add(new PathBinding(bound, "bound", false));
        case ABSOLUTE_BINDING -> bindings.add(new PathBinding(bound, "/" + name, false));
        case READ_ONLY_BINDING -> bindings.add(new PathBinding(bound, "kept", true));
        case IMAGE -> {
          if (!hasImage) {
            spec.image(NO_IMAGE);
          }
        }
        case SEALED -> spec.isolation(Isolation.SEALED);
      }
    }
    return spec.bindings(bindings);
  }
}
