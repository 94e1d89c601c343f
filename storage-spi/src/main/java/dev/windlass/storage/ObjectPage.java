package dev.windlass.storage;

import java.util.List;
import java.util.Optional;

/**
 * One page of a listing.
 *
 * @param objects in ascending order of their keys' UTF-8 bytes; copied, never modified; may be
 *     empty also when more follows
 * @param next what to pass to {@link Storage#list} for the following page; empty on the last one
 */
public record ObjectPage(List<ObjectInfo> objects, Optional<String> next) {

  /** Copies the list. */
  public ObjectPage {
    objects = List.copyOf(objects);
    if (next.isPresent() && next.get().isEmpty()) {
      throw new IllegalArgumentException("a marker is not empty");
    }
  }
}
