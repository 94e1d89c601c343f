package dev.windlass.executor.docker;

import java.util.Objects;

/**
 * How far the fetch of an image is.
 *
 * @param image the image's name
 * @param phase where the fetch stands
 * @param bytes how much has come from the registry, in bytes as they are sent
 * @param totalBytes how much there is of what is known so far; it grows while the registry tells of
 *     more layers, and layers that the Docker engine has already are not in it
 * @param message why it failed; empty otherwise
 */
public record PullProgress(String image, Phase phase, long bytes, long totalBytes, String message) {

  /** Where a fetch stands. */
  public enum Phase {
    /** It has been asked for. */
    BEGUN,
    /** It is under way. */
    FETCHING,
    /** The image is there. */
    READY,
    /** The image has not come. */
    FAILED
  }

  /** Checks for null. */
  public PullProgress {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(message, "message");
  }
}
