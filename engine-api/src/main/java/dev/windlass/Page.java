package dev.windlass;

import java.util.List;
import java.util.Optional;

/**
 * One page of a listing.
 *
 * @param <T> what is listed
 * @param items in the listing's order; copied
 * @param next the marker of the following page; empty on the last one
 */
public record Page<T>(List<T> items, Optional<String> next) {

  /** Copies the list. */
  public Page {
    items = List.copyOf(items);
  }
}
