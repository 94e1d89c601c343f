package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.ArrayValue;
import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.graph.Faults;
import dev.windlass.core.graph.FieldPath;
import java.util.Map;

/** The JSON types of a field that is kept and given back but means nothing here. */
@FunctionalInterface
interface Shape {

  /** Anything at all. */
  Shape ANY = (value, path, faults) -> {};

  /** Adds a fault for each part of the value that has the wrong type or an unknown name. */
  void check(JsonValue value, FieldPath path, Faults faults);

  /** A plain value. */
  static Shape of(JsonType type) {
    return (value, path, faults) -> type.check(value, path, faults, true);
  }

  /** A plain value that is not to be shown. */
  static Shape secret(JsonType type) {
    return (value, path, faults) -> type.check(value, path, faults, false);
  }

  /** An array. */
  static Shape listOf(Shape element) {
    return (value, path, faults) -> {
      if (JsonType.ARRAY.check(value, path, faults, true)) {
        int position = 0;
        for (JsonValue each : ((ArrayValue) value).elements()) {
          element.check(each, path.element(position++), faults);
        }
      }
    };
  }

  /** An object whose keys are free. */
  static Shape mapOf(Shape member) {
    return (value, path, faults) -> {
      if (JsonType.OBJECT.check(value, path, faults, true)) {
        ((ObjectValue) value)
            .members()
            .forEach((key, each) -> member.check(each, path.field(key), faults));
      }
    };
  }

  /** An object with known fields. */
  static Shape object(Map<String, Shape> fields) {
    return (value, path, faults) -> {
      if (JsonType.OBJECT.check(value, path, faults, true)) {
        Fields members = new Fields((ObjectValue) value, path, faults);
        members.keep(fields);
        members.finish();
      }
    };
  }

  /** An object of which the reference gives some fields only. */
  static Shape openObject(Map<String, Shape> fields) {
    return (value, path, faults) -> {
      if (JsonType.OBJECT.check(value, path, faults, true)) {
        new Fields((ObjectValue) value, path, faults).keep(fields);
      }
    };
  }
}
