package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.ArrayValue;
import dev.windlass.core.description.JsonValue.BooleanValue;
import dev.windlass.core.description.JsonValue.NumberValue;
import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.description.JsonValue.StringValue;
import dev.windlass.core.graph.Faults;
import dev.windlass.core.graph.FieldPath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Changes documents at one place, which a fault's path names. */
final class Trees {

  private Trees() {}

  static String with(String document, String path, JsonValue value) {
    String parent = parentOf(path);
    String name = path.substring(parent.length() + 1);
    return change(
        document,
        (where, old) -> {
          if (where.equals(path)) {
            return value;
          }
          if (where.equals(parent) && old instanceof ObjectValue object) {
            Map<String, JsonValue> members = new LinkedHashMap<>(object.members());
            members.putIfAbsent(name, value);
            return new ObjectValue(members);
          }
          return old;
        });
  }

  static String without(String document, String path) {
    String parent = parentOf(path);
    return change(
        document,
        (where, old) -> {
          if (where.equals(parent) && old instanceof ObjectValue object) {
            Map<String, JsonValue> members = new LinkedHashMap<>(object.members());
            members.remove(path.substring(parent.length() + 1));
            return new ObjectValue(members);
          }
          return old;
        });
  }

  /** The paths of all values. */
  static List<String> paths(String document) {
    List<String> paths = new ArrayList<>();
    change(
        document,
        (where, old) -> {
          paths.add(where);
          return old;
        });
    return paths;
  }

  /** A value of each type that the value at a path does not have; an integer is a number too. */
  static List<JsonValue> othersThan(String document, String path) {
    List<JsonValue> others = new ArrayList<>();
    change(
        document,
        (where, old) -> {
          if (where.equals(path)) {
            for (JsonValue sample : samples()) {
              if (sample.getClass() != old.getClass()) {
                others.add(sample);
              }
            }
          }
          return old;
        });
    return others;
  }

  static List<JsonValue> samples() {
    return List.of(
        new ObjectValue(Map.of()),
        new ArrayValue(List.of()),
        new StringValue("5"),
        new NumberValue("5"),
        new BooleanValue(true),
        new JsonValue.NullValue());
  }

  /** Replaces values from the root down. */
  static String change(String document, BiFunction<String, JsonValue, JsonValue> change) {
    JsonValue tree = JsonText.parse(document, new Faults()).orElseThrow();
    return JsonPrinter.compact(change(FieldPath.ROOT, tree, change));
  }

  private static JsonValue change(
      FieldPath path, JsonValue old, BiFunction<String, JsonValue, JsonValue> change) {
    JsonValue value = change.apply(path.toString(), old);
    if (value instanceof ObjectValue object) {
      Map<String, JsonValue> members = new LinkedHashMap<>();
      object
          .members()
          .forEach((key, each) -> members.put(key, change(path.field(key), each, change)));
      return new ObjectValue(members);
    }
    if (value instanceof ArrayValue array) {
      List<JsonValue> elements = new ArrayList<>();
      for (JsonValue each : array.elements()) {
        elements.add(change(path.element(elements.size()), each, change));
      }
      return new ArrayValue(elements);
    }
    return value;
  }

  private static String parentOf(String path) {
    return path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : path.substring(0, 0);
  }
}
