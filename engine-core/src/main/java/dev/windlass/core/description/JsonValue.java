package dev.windlass.core.description;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON value as it was written: members keep their order, numbers their text. */
sealed interface JsonValue {

  /** Members by key, in order. */
  record ObjectValue(Map<String, JsonValue> members) implements JsonValue {
    public ObjectValue {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  /** Elements in order. */
  record ArrayValue(List<JsonValue> elements) implements JsonValue {
    public ArrayValue {
      elements = List.copyOf(elements);
    }
  }

  /** Text without escapes. */
  record StringValue(String text) implements JsonValue {}

  /** The digits as they were written. */
  record NumberValue(String text) implements JsonValue {
    static NumberValue of(long number) {
      return new NumberValue(Long.toString(number));
    }

    /** Of an integer; a number beyond the range of a long becomes the end of that range. */
    long clamped() {
      boolean fits = text.length() <= 18;
      long end = text.startsWith("-") ? Long.MIN_VALUE : Long.MAX_VALUE;
      return fits ? Long.parseLong(text) : clampedSlowly(end);
    }

    private long clampedSlowly(long end) {
      java.math.BigInteger exact = new java.math.BigInteger(text);
      return exact.bitLength() < Long.SIZE ? exact.longValue() : end;
    }
  }

  /** True or false. */
  record BooleanValue(boolean value) implements JsonValue {}

  /** The literal {@code null}. */
  record NullValue() implements JsonValue {}

  /** Something that was refused already; nothing more is said about it. */
  record BrokenValue() implements JsonValue {}
}
