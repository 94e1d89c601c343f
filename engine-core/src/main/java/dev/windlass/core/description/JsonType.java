package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.ArrayValue;
import dev.windlass.core.description.JsonValue.BooleanValue;
import dev.windlass.core.description.JsonValue.BrokenValue;
import dev.windlass.core.description.JsonValue.NullValue;
import dev.windlass.core.description.JsonValue.NumberValue;
import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.description.JsonValue.StringValue;
import dev.windlass.core.graph.Faults;
import dev.windlass.core.graph.FieldPath;
import dev.windlass.error.ErrorCode;

/**
 * What a field may hold. Nothing is converted: {@code "5"}, {@code 5.0} and {@code null} are no
 * integers.
 */
enum JsonType {
  OBJECT("an object"),
  ARRAY("an array"),
  STRING("a string"),
  INTEGER("a whole number, written without fraction and exponent"),
  NUMBER("a number"),
  BOOLEAN("true or false");

  private final String wording;

  JsonType(String wording) {
    this.wording = wording;
  }

  /**
   * Adds a fault if the value is of another type.
   *
   * @param value what is there
   * @param path where
   * @param faults where the fault goes
   * @param shown false if the value could hold a secret
   * @return true if the type is right
   */
  boolean check(JsonValue value, FieldPath path, Faults faults, boolean shown) {
    boolean right = matches(value);
    if (!right && !(value instanceof BrokenValue)) {
      faults.add(ErrorCode.TYPE, path, shown ? show(value) : "", "must be " + wording);
    }
    return right;
  }

  private boolean matches(JsonValue value) {
    return switch (this) {
      case OBJECT -> value instanceof ObjectValue;
      case ARRAY -> value instanceof ArrayValue;
      case STRING -> value instanceof StringValue;
      case INTEGER -> value instanceof NumberValue number && isInteger(number.text());
      case NUMBER -> value instanceof NumberValue;
      case BOOLEAN -> value instanceof BooleanValue;
    };
  }

  private static boolean isInteger(String number) {
    return number.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
  }

  private static String show(JsonValue value) {
    if (value instanceof StringValue string) {
      return string.text().contains("://") ? string.text() : '"' + string.text() + '"';
    }
    if (value instanceof NumberValue number) {
      return number.text();
    }
    if (value instanceof BooleanValue bool) {
      return Boolean.toString(bool.value());
    }
    if (value instanceof NullValue) {
      return "null";
    }
    return value instanceof ArrayValue ? ARRAY.wording : OBJECT.wording;
  }
}
