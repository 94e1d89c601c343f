package dev.windlass.executor.docker;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.PathBinding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What comes back from a container after its end, where files are copied.
 *
 * @param there absolute path in the container
 * @param here absolute path on this host
 * @param without what lies below it and belongs to another path of this host; relative to it
 */
record Returning(String there, Path here, List<String> without) {

  /** Checks and copies. */
  Returning {
    without = List.copyOf(without);
  }

  /** What the program of an attempt may change and the engine may want to see. */
  static List<Returning> of(AttemptSpec spec) {
    List<Returning> all = new ArrayList<>();
    all.add(of(spec.workDirectory(), spec.workDirectory(), spec));
    for (PathBinding binding : spec.bindings()) {
      if (!binding.readOnly()) {
        all.add(of(target(spec, binding), binding.host(), spec));
      }
    }
    return all;
  }

  private static Returning of(Path there, Path here, AttemptSpec spec) {
    List<String> without =
        spec.bindings().stream()
            .map(binding -> target(spec, binding))
            .filter(other -> other.startsWith(there) && !other.equals(there))
            .map(other -> there.relativize(other).toString())
            .toList();
    return new Returning(there.toString(), here, without);
  }

  /** Where the program sees a binding. */
  static Path target(AttemptSpec spec, PathBinding binding) {
    return spec.workDirectory().resolve(binding.program());
  }
}
