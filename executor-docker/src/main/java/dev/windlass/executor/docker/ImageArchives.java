package dev.windlass.executor.docker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where images lie that a description keeps in a store instead of a registry. Given by the host,
 * which knows the storages.
 */
@FunctionalInterface
public interface ImageArchives {

  /** There are none. */
  ImageArchives NONE = (registryPath, image) -> Optional.empty();

  /**
   * Finds an image. Called on threads of the executor, and may take long, to copy it here for
   * instance.
   *
   * @param registryPath value of the variable {@code BATCH_COMPUTE_DOCKER_REGISTRY_OSS_PATH}, as
   *     the description has it
   * @param image the image's name
   * @return a file of this host as {@code docker save} writes it, which holds an image of that
   *     name; empty if there is none, and then the image is looked for in its registry
   * @throws IOException if it cannot be found out or copied; the attempt is tried again later
   */
  Optional<Path> find(String registryPath, String image) throws IOException;
}
