package dev.windlass.executor.docker;

import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.PathBinding;
import dev.windlass.job.Isolation;
import dev.windlass.job.Mapping;
import dev.windlass.job.TaskDescription;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What cannot be had inside a container that runs already. Each refusal says what to do instead.
 */
final class NodeRequirements {

  private static final String ELSEWHERE =
      "; leave it out, or run the task on the cluster 'default', in a container of its own";

  private NodeRequirements() {}

  /**
   * Says why a task could never run on nodes, as far as its description tells.
   *
   * @param image of the nodes
   */
  static Optional<String> refuse(TaskDescription task, String image, DockerExecutorConfig config) {
    return refuse(task.isolation(), image, () -> ImageChoice.named(task, config))
        .or(
            () ->
                task.mappings().stream()
                    .map(NodeRequirements::refuse)
                    .flatMap(Optional::stream)
                    .findFirst());
  }

  private static Optional<String> refuse(Mapping mapping) {
    boolean mount = mapping.direction() == Mapping.Direction.MOUNT;
    return mount || mapping.local().startsWith("/")
        ? Optional.of(path(mapping.local(), mount))
        : Optional.empty();
  }

  private static String path(String path, boolean mount) {
    return mount
        ? "the mount at "
            + path
            + " cannot be made in a node that runs already; use mappings that"
            + " are copied in and out, or run the task on the cluster 'default'"
        : "the absolute path "
            + path
            + " cannot be made in a node that runs already; use a path"
            + " relative to the working directory, or run the task on the cluster 'default'";
  }

  private static Optional<String> refuse(Isolation isolation, String image, Naming named) {
    if (isolation == Isolation.SEALED) {
      return Optional.of(
          "the isolation 'sealed' cannot be had in a node, which attempts share" + ELSEWHERE);
    }
    try {
      return named
          .image()
          .filter(other -> !other.reference().equals(image))
          .map(
              other ->
                  "the image '"
                      + other.reference()
                      + "' is not that of the node, which is '"
                      + image
                      + "'"
                      + ELSEWHERE);
    } catch (ImageChoice.NoImageException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Finds the image that is asked for, if one is. */
  @FunctionalInterface
  private interface Naming {
    Optional<ImageChoice> image() throws ImageChoice.NoImageException;
  }

  /**
   * Refuses an attempt that cannot run in a node.
   *
   * @param image of the node
   * @param attempts what of this host's files the node sees
   * @throws ExecutorException UNSUPPORTED
   */
  static void check(AttemptSpec spec, String image, Path attempts, DockerExecutorConfig config) {
    Optional<String> refusal =
        refuse(spec.isolation(), image, () -> ImageChoice.named(spec, config))
            .or(() -> bindings(spec))
            .or(() -> secrets(spec));
    if (refusal.isEmpty() && !spec.directory().startsWith(attempts)) {
      refusal = Optional.of("its directory " + spec.directory() + " is not seen by its node");
    }
    if (refusal.isPresent()) {
      throw new ExecutorException(
          ErrorCode.UNSUPPORTED, spec.id(), "attempt " + spec.id() + ": " + refusal.get(), null);
    }
  }

  private static Optional<String> bindings(AttemptSpec spec) {
    for (PathBinding binding : spec.bindings()) {
      boolean below =
          spec.workDirectory().resolve(binding.program()).startsWith(spec.workDirectory());
      if (!below || !binding.readOnly()) {
        return Optional.of(path(binding.program(), below));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> secrets(AttemptSpec spec) {
    return spec.secretVariables().stream()
        .filter(name -> !NodeProgram.isForShell(name))
        .findFirst()
        .map(
            name ->
                "the variable "
                    + name
                    + " is secret, and of a name that a shell does not hand on; choose another");
  }
}
