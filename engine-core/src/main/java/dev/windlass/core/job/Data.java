package dev.windlass.core.job;

import dev.windlass.Manifest;

/**
 * What was copied for an attempt and published of it.
 *
 * @param published its outputs
 */
public record Data(long bytesStaged, Manifest published) {

  /** Nothing, as far as is known. */
  public static final Data NONE = new Data(0, Manifest.empty());
}
