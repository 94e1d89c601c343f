package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.BooleanValue;
import dev.windlass.core.description.JsonValue.NumberValue;
import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.description.JsonValue.StringValue;
import dev.windlass.core.graph.Faults;
import dev.windlass.job.PassThrough;
import java.util.LinkedHashMap;
import java.util.Map;

/** The members of an object that is being written. */
final class Members {

  private final Map<String, JsonValue> members = new LinkedHashMap<>();

  /**
   * Adds a member.
   *
   * @throws IllegalArgumentException if there is one of that name
   */
  Members put(String name, JsonValue value) {
    if (members.putIfAbsent(name, value) != null) {
      throw new IllegalArgumentException("the field " + name + " would stand twice in its object");
    }
    return this;
  }

  Members put(String name, String text) {
    return put(name, new StringValue(text));
  }

  Members put(String name, long number) {
    return put(name, NumberValue.of(number));
  }

  Members put(String name, boolean value) {
    return put(name, new BooleanValue(value));
  }

  Members putIf(boolean wanted, String name, String text) {
    return wanted ? put(name, text) : this;
  }

  Members putIf(boolean wanted, String name, long number) {
    return wanted ? put(name, number) : this;
  }

  Members putIf(boolean wanted, String name, boolean value) {
    return wanted ? put(name, value) : this;
  }

  /** An object, unless it has no members. */
  Members putUnlessEmpty(String name, Members object) {
    return object.members.isEmpty() ? this : put(name, object.build());
  }

  /**
   * The fields that were kept from a document.
   *
   * @throws IllegalArgumentException if a value is not JSON
   */
  Members putAll(PassThrough kept) {
    kept.fields().forEach((name, text) -> put(name, parse(name, text)));
    return this;
  }

  ObjectValue build() {
    return new ObjectValue(members);
  }

  private static JsonValue parse(String name, String text) {
    Faults faults = new Faults();
    JsonValue value = JsonText.parse(text, faults).orElse(null);
    if (value == null || !faults.isEmpty()) {
      throw new IllegalArgumentException(
          "the text of the kept field " + name + " is not JSON: " + faults.list().get(0).rule());
    }
    return value;
  }
}
