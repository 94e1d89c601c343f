package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.job.Mapping;
import dev.windlass.job.Mapping.Direction;
import dev.windlass.job.TaskDescription;
import java.util.List;
import java.util.Optional;

/**
 * Reads the mappings of a task: {@code InputMapping} with {@code WriteSupport}, {@code
 * OutputMapping}, {@code LogMapping}, and {@code Mounts}, whose entries are inputs unless they have
 * {@code WriteSupport}.
 */
final class MappingReader {

  private final Fields task;

  MappingReader(Fields task) {
    this.task = task;
  }

  void read(TaskDescription.Builder builder) {
    boolean writable = task.flag("WriteSupport").orElse(false);
    Direction input = writable ? Direction.WRITABLE_INPUT : Direction.INPUT;
    task.strings("InputMapping", true)
        .forEach((store, local) -> builder.mapping(new Mapping(input, store, local)));
    task.strings("OutputMapping", true)
        .forEach((local, store) -> builder.mapping(new Mapping(Direction.OUTPUT, store, local)));
    task.strings("LogMapping", true)
        .forEach((local, store) -> builder.mapping(new Mapping(Direction.LOG, store, local)));
    task.object("Mounts").ifPresent(mounts -> readMounts(mounts, builder));
  }

  private void readMounts(Fields mounts, TaskDescription.Builder builder) {
    List<JsonValue> entries = mounts.array("Entries").orElse(List.of());
    for (int i = 0; i < entries.size(); i++) {
      var path = mounts.path().field("Entries").element(i);
      if (JsonType.OBJECT.check(entries.get(i), path, task.faults(), true)) {
        Fields entry = new Fields((ObjectValue) entries.get(i), path, task.faults());
        readEntry(entry).ifPresent(builder::mapping);
      }
    }
    var kept = mounts.keep(ServiceFields.MOUNTS);
    if (!kept.fields().isEmpty()) {
      builder.passThrough(ServiceFields.MOUNTS_PATH, kept);
    }
    mounts.finish();
  }

  private static Optional<Mapping> readEntry(Fields entry) {
    Optional<String> source = entry.required("Source");
    Optional<String> destination = entry.required("Destination");
    boolean writable = entry.flag("WriteSupport").orElse(false);
    entry.finish();
    Direction direction = writable ? Direction.MOUNT : Direction.INPUT;
    return source.flatMap(store -> destination.map(local -> new Mapping(direction, store, local)));
  }
}
