package dev.windlass.executor.docker;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.ContainerImage;
import dev.windlass.job.Placement;
import dev.windlass.job.TaskDescription;
import java.util.Map;
import java.util.Optional;

/**
 * Which image a task runs in: the one that {@code Command.Docker} names, that the service's
 * variable names, that the catalogue has for the AutoCluster's {@code ImageId}, or the default; the
 * first of these that there is.
 *
 * @param reference the image's name
 * @param registryPath where in a store the image is kept, if the description says so
 */
record ImageChoice(String reference, Optional<String> registryPath) {

  /** The service's variable for an image, and the one that says where in a store it is kept. */
  static final String IMAGE_VARIABLE = "BATCH_COMPUTE_DOCKER_IMAGE";

  static final String PATH_VARIABLE = "BATCH_COMPUTE_DOCKER_REGISTRY_OSS_PATH";

  /**
   * There is no image that may be used.
   *
   * @see #getMessage for what to do
   */
  static final class NoImageException extends Exception {
    private static final long serialVersionUID = 1L;

    NoImageException(String message) {
      super(message);
    }
  }

  static ImageChoice of(AttemptSpec spec, DockerExecutorConfig config) throws NoImageException {
    return choose(spec.image(), spec.environment(), spec.imageId(), config);
  }

  static ImageChoice of(TaskDescription task, DockerExecutorConfig config) throws NoImageException {
    Optional<String> imageId =
        task.placement() instanceof Placement.AutoCluster auto ? auto.imageId() : Optional.empty();
    return choose(task.image(), task.environment(), imageId, config);
  }

  /** The image of a node: one of the catalogue, one named so, or the default. */
  static ImageChoice of(NodeSpec node, DockerExecutorConfig config) throws NoImageException {
    if (node.imageId().isEmpty()) {
      return choose(Optional.empty(), Map.of(), Optional.empty(), config);
    }
    String id = node.imageId().get();
    String known = config.catalogue().get(id);
    return known == null
        ? allowed(checked(id, "the cluster's image"), Optional.empty(), config)
        : new ImageChoice(known, Optional.empty());
  }

  /** The image that a task asks for itself; empty if it takes what there is. */
  static Optional<ImageChoice> named(TaskDescription task, DockerExecutorConfig config)
      throws NoImageException {
    return named(task.image(), task.environment(), config);
  }

  /** The image that an attempt asks for itself; empty if it takes what there is. */
  static Optional<ImageChoice> named(AttemptSpec spec, DockerExecutorConfig config)
      throws NoImageException {
    return named(spec.image(), spec.environment(), config);
  }

  private static Optional<ImageChoice> named(
      Optional<ContainerImage> docker, Map<String, String> variables, DockerExecutorConfig config)
      throws NoImageException {
    if (docker.isPresent()) {
      return Optional.of(allowed(docker.get().name(), Optional.empty(), config));
    }
    Optional<String> named = nonEmpty(variables, IMAGE_VARIABLE);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    String image = checked(named.get(), IMAGE_VARIABLE);
    return Optional.of(allowed(image, nonEmpty(variables, PATH_VARIABLE), config));
  }

  private static ImageChoice choose(
      Optional<ContainerImage> docker,
      Map<String, String> variables,
      Optional<String> imageId,
      DockerExecutorConfig config)
      throws NoImageException {
    Optional<ImageChoice> named = named(docker, variables, config);
    if (named.isPresent()) {
      return named.get();
    }
    Optional<String> own =
        imageId
            .flatMap(id -> Optional.ofNullable(config.catalogue().get(id)))
            .or(config::defaultImage);
    return new ImageChoice(
        own.orElseThrow(() -> noImage(imageId, config.name())), Optional.empty());
  }

  private static Optional<String> nonEmpty(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }

  private static String checked(String name, String what) throws NoImageException {
    try {
      return new ContainerImage(name, Optional.empty()).name();
    } catch (IllegalArgumentException e) {
      throw new NoImageException(what + ": " + e.getMessage());
    }
  }

  private static ImageChoice allowed(
      String name, Optional<String> path, DockerExecutorConfig config) throws NoImageException {
    boolean free = config.allowedImages().isEmpty();
    if (!free
        && config.allowedImages().stream().noneMatch(pattern -> pattern.matcher(name).matches())) {
      throw new NoImageException(
          "the image '"
              + name
              + "' is not allowed by the configuration of executor '"
              + config.name()
              + "', which has allowedImages "
              + config.allowedImages());
    }
    return new ImageChoice(name, path);
  }

  private static NoImageException noImage(Optional<String> imageId, String executor) {
    return new NoImageException(
        "the task names no container image"
            + imageId.map(id -> " that is known (ImageId '" + id + "')").orElse("")
            + ", and executor '"
            + executor
            + "' has no default; name one in Command.Docker.Image or "
            + IMAGE_VARIABLE
            + ", or configure defaultImage or a catalogue");
  }
}
