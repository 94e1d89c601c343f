package dev.windlass.core.graph;

import dev.windlass.job.Mapping;
import dev.windlass.job.Mapping.Direction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Which field of a task holds which of its mappings.
 *
 * <p>{@code InputMapping} is a map by store URI with one {@code WriteSupport} for all of it. What
 * it cannot hold (read-only inputs beside writable ones; from the first on whose URI stands there
 * already) goes to {@code Mounts.Entries}, together with what is mounted.
 *
 * @param inputs {@code InputMapping}, all of one kind
 * @param outputs {@code OutputMapping}
 * @param logs {@code LogMapping}
 * @param entries {@code Mounts.Entries}
 */
public record MappingFields(
    List<Mapping> inputs, List<Mapping> outputs, List<Mapping> logs, List<Mapping> entries) {

  /** Copies the lists. */
  public MappingFields {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    logs = List.copyOf(logs);
    entries = List.copyOf(entries);
  }

  /**
   * Deals the mappings of a task to the fields.
   *
   * @param mappings of one task
   * @return the fields; each keeps the order
   */
  public static MappingFields of(List<Mapping> mappings) {
    List<Mapping> readOnly = only(mappings, Direction.INPUT);
    List<Mapping> writable = only(mappings, Direction.WRITABLE_INPUT);
    int fit = writable.isEmpty() ? distinctStores(readOnly) : 0;
    List<Mapping> entries = new ArrayList<>(readOnly.subList(fit, readOnly.size()));
    entries.addAll(only(mappings, Direction.MOUNT));
    return new MappingFields(
        writable.isEmpty() ? readOnly.subList(0, fit) : writable,
        only(mappings, Direction.OUTPUT),
        only(mappings, Direction.LOG),
        entries);
  }

  /**
   * Visits the mappings, field by field.
   *
   * @param task the task's path
   * @param visitor gets each mapping with the path of its entry
   */
  public void forEach(FieldPath task, BiConsumer<FieldPath, Mapping> visitor) {
    inputs.forEach(m -> visitor.accept(task.field("InputMapping").field(m.store()), m));
    outputs.forEach(m -> visitor.accept(task.field("OutputMapping").field(m.local()), m));
    logs.forEach(m -> visitor.accept(task.field("LogMapping").field(m.local()), m));
    FieldPath mounts = task.field("Mounts").field("Entries");
    for (int i = 0; i < entries.size(); i++) {
      visitor.accept(mounts.element(i), entries.get(i));
    }
  }

  private static List<Mapping> only(List<Mapping> mappings, Direction direction) {
    return mappings.stream().filter(mapping -> mapping.direction() == direction).toList();
  }

  private static int distinctStores(List<Mapping> mappings) {
    Set<String> stores = new HashSet<>();
    int count = 0;
    while (count < mappings.size() && stores.add(mappings.get(count).store())) {
      count++;
    }
    return count;
  }
}
