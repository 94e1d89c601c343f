package dev.windlass.executor.docker;

import dev.windlass.executor.AttemptSpec;
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

  private static ImageChoice choose(
      Optional<ContainerImage> docker,
      Map<String, String> variables,
      Optional<String> imageId,
      DockerExecutorConfig config)
      throws NoImageException {
    if (docker.isPresent()) {
      return allowed(docker.get().name(), Optional.empty(), config);
    }
    Optional<String> named = nonEmpty(variables, IMAGE_VARIABLE);
    if (named.isPresent()) {
      return allowed(checked(named.get()), nonEmpty(variables, PATH_VARIABLE), config);
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

  private static String checked(String name) throws NoImageException {
    try {
      return new ContainerImage(name, Optional.empty()).name();
    } catch (IllegalArgumentException e) {
      throw new NoImageException(IMAGE_VARIABLE + ": " + e.getMessage());
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
