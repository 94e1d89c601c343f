package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.ArrayValue;
import dev.windlass.core.description.JsonValue.StringValue;
import dev.windlass.core.graph.Faults;
import dev.windlass.core.graph.FieldPath;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.TaskName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code DAG.Dependencies}: a task to those that come after it. */
final class DependencyReader {

  private final Fields fields;
  private final Faults faults;
  private final Set<String> declared;
  private final Map<String, TaskName> tasks = new HashMap<>();

  /**
   * A reader.
   *
   * @param fields {@code Dependencies}
   * @param declared names of all tasks that the document holds
   * @param tasks names of those that could be read
   */
  DependencyReader(Fields fields, Set<String> declared, Set<TaskName> tasks) {
    this.fields = fields;
    this.faults = fields.faults();
    this.declared = declared;
    tasks.forEach(name -> this.tasks.put(name.value(), name));
  }

  Map<TaskName, Set<TaskName>> read() {
    Map<TaskName, Set<TaskName>> dependencies = new LinkedHashMap<>();
    fields
        .all()
        .forEach(
            (text, followers) -> {
              FieldPath path = fields.path().field(text);
              Set<TaskName> names = readFollowers(followers, path);
              nameOf(text, path).ifPresent(before -> dependencies.put(before, names));
            });
    return dependencies;
  }

  private Set<TaskName> readFollowers(JsonValue followers, FieldPath path) {
    Set<TaskName> names = new LinkedHashSet<>();
    if (!JsonType.ARRAY.check(followers, path, faults, true)) {
      return names;
    }
    int position = 0;
    for (JsonValue follower : ((ArrayValue) followers).elements()) {
      FieldPath element = path.element(position++);
      if (JsonType.STRING.check(follower, element, faults, true)) {
        String text = ((StringValue) follower).text();
        Optional<TaskName> name = nameOf(text, element);
        if (name.isPresent() && !names.add(name.get())) {
          faults.add(ErrorCode.DUPLICATE, element, text, "a dependency is given once");
        }
      }
    }
    return names;
  }

  /**
   * Empty without a fault if the name is that of a task that was refused: one fault for it is
   * enough.
   */
  private Optional<TaskName> nameOf(String text, FieldPath path) {
    TaskName task = tasks.get(text);
    if (task != null || declared.contains(text)) {
      return Optional.ofNullable(task);
    }
    return faults.accept(ErrorCode.NAME, path, text, () -> new TaskName(text));
  }
}
