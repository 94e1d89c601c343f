package dev.windlass.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Fields of the service's format that mean something in its cloud only. They are kept and given
 * back.
 *
 * @param fields name of a field to the text of its JSON value, in the order in which they came;
 *     copied
 */
public record PassThrough(Map<String, String> fields) {

  /** No field. */
  public static final PassThrough NONE = new PassThrough(Map.of());

  /** Copies the map, keeping its order. */
  public PassThrough {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }
}
