package dev.windlass;

import java.util.List;

/**
 * What an attempt published as its outputs. Logs are not part of it.
 *
 * @param objects the first {@value #MOST_KEPT} of them, in the order in which they were published;
 *     copied
 * @param count how many there are in all
 * @param bytes how large they are together
 */
public record Manifest(List<PublishedObject> objects, long count, long bytes) {

  /** So many objects are kept of an attempt; the others are only counted. */
  public static final int MOST_KEPT = 1_000;

  private static final Manifest EMPTY = new Manifest(List.of(), 0, 0);

  /** Copies the list. */
  public Manifest {
    objects = List.copyOf(objects);
  }

  /**
   * Nothing was published.
   *
   * @return the manifest without objects
   */
  public static Manifest empty() {
    return EMPTY;
  }
}
