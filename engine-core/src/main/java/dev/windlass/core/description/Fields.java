package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.ArrayValue;
import dev.windlass.core.description.JsonValue.BooleanValue;
import dev.windlass.core.description.JsonValue.NullValue;
import dev.windlass.core.description.JsonValue.NumberValue;
import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.description.JsonValue.StringValue;
import dev.windlass.core.graph.Faults;
import dev.windlass.core.graph.FieldPath;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.PassThrough;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object, asked for one by one. Asking for a field makes it known; {@link
 * #finish} refuses what was not asked for. A field that is absent or faulty is empty, and what is
 * faulty is among the faults.
 */
final class Fields {

  private final ObjectValue object;
  private final FieldPath path;
  private final Faults faults;
  private final Set<String> known = new LinkedHashSet<>();

  Fields(ObjectValue object, FieldPath path, Faults faults) {
    this.object = object;
    this.path = path;
    this.faults = faults;
  }

  FieldPath path() {
    return path;
  }

  Faults faults() {
    return faults;
  }

  boolean isEmpty() {
    return object.members().isEmpty();
  }

  /** The members, none of which is unknown. */
  Map<String, JsonValue> all() {
    known.addAll(object.members().keySet());
    return object.members();
  }

  /** A string. */
  Optional<String> string(String name) {
    return string(name, true);
  }

  /**
   * A string; the empty one counts as absent, as the service's clients send it for what is not
   * used.
   */
  Optional<String> nonEmpty(String name) {
    return string(name).filter(text -> !text.isEmpty());
  }

  /** A string that must be there and not be empty. */
  Optional<String> required(String name) {
    return require(name) ? string(name) : Optional.empty();
  }

  /** A string that must be there and that a type of the domain checks. */
  <T> Optional<T> required(String name, ErrorCode code, Function<String, T> make) {
    return required(name).flatMap(text -> accept(code, name, text, () -> make.apply(text)));
  }

  /** As {@link #required(String)}, and what stands there instead is not shown. */
  Optional<String> requiredSecret(String name) {
    return require(name) ? string(name, false) : Optional.empty();
  }

  /** A string that a type of the domain checks. */
  <T> Optional<T> string(String name, ErrorCode code, Function<String, T> make) {
    return string(name).flatMap(text -> accept(code, name, text, () -> make.apply(text)));
  }

  /** An integer that a type of the domain checks. */
  <T> Optional<T> integer(String name, LongFunction<T> make) {
    return take(name, JsonType.INTEGER, true)
        .map(NumberValue.class::cast)
        .flatMap(
            value ->
                accept(ErrorCode.RANGE, name, value.text(), () -> make.apply(value.clamped())));
  }

  /** A decimal number that a type of the domain checks. */
  <T> Optional<T> decimal(String name, int decimals, Function<BigDecimal, T> make) {
    return take(name, JsonType.NUMBER, true)
        .map(value -> ((NumberValue) value).text())
        .flatMap(
            text ->
                accept(ErrorCode.TYPE, name, text, () -> Numbers.decimal(text, decimals))
                    .flatMap(
                        number -> accept(ErrorCode.RANGE, name, text, () -> make.apply(number))));
  }

  /** True or false. */
  Optional<Boolean> flag(String name) {
    return take(name, JsonType.BOOLEAN, true).map(value -> ((BooleanValue) value).value());
  }

  /** An object. */
  Optional<Fields> object(String name) {
    return take(name, JsonType.OBJECT, true)
        .map(value -> new Fields((ObjectValue) value, path.field(name), faults));
  }

  /** An object that must be there. */
  Optional<Fields> requiredObject(String name) {
    return require(name) ? object(name) : Optional.empty();
  }

  /** An object that may be missing, which then has no members. */
  Fields objectOrNone(String name) {
    return object(name)
        .orElseGet(() -> new Fields(new ObjectValue(Map.of()), path.field(name), faults));
  }

  /** Says whether there is such a field, whatever it holds. */
  boolean has(String name) {
    return object.members().containsKey(name);
  }

  /** An array. */
  Optional<List<JsonValue>> array(String name) {
    return take(name, JsonType.ARRAY, true).map(value -> ((ArrayValue) value).elements());
  }

  /** An object of strings; values of another type are left out. */
  Map<String, String> strings(String name, boolean shown) {
    Map<String, String> strings = new LinkedHashMap<>();
    take(name, JsonType.OBJECT, shown)
        .map(ObjectValue.class::cast)
        .ifPresent(
            value ->
                value
                    .members()
                    .forEach(
                        (key, text) -> {
                          FieldPath where = path.field(name).field(key);
                          if (JsonType.STRING.check(text, where, faults, shown)) {
                            strings.put(key, ((StringValue) text).text());
                          }
                        }));
    return strings;
  }

  /** The fields of a table, checked for their shapes. */
  PassThrough keep(Map<String, Shape> shapes) {
    known.addAll(shapes.keySet());
    Map<String, String> kept = new LinkedHashMap<>();
    object
        .members()
        .forEach(
            (name, value) -> {
              Shape shape = shapes.get(name);
              if (shape != null) {
                shape.check(value, path.field(name), faults);
                kept.put(name, JsonPrinter.compact(value));
              }
            });
    return new PassThrough(kept);
  }

  /** Refuses the fields that nobody asked for. */
  void finish() {
    for (String name : object.members().keySet()) {
      if (!known.contains(name) && !faults.isFull()) {
        String rule = "the format has no such field" + faults.hint(name, known);
        faults.add(ErrorCode.UNKNOWN_FIELD, path.field(name), "", rule);
      }
    }
  }

  private Optional<String> string(String name, boolean shown) {
    return take(name, JsonType.STRING, shown).map(value -> ((StringValue) value).text());
  }

  private <T> Optional<T> accept(ErrorCode code, String name, String value, Supplier<T> make) {
    return faults.accept(code, path.field(name), value, make);
  }

  private boolean require(String name) {
    known.add(name);
    JsonValue value = object.members().get(name);
    boolean missing = value == null || value instanceof NullValue || isEmptyString(value);
    if (missing) {
      faults.add(ErrorCode.REQUIRED, path.field(name), "", "must be given and not be empty");
    }
    return !missing;
  }

  private static boolean isEmptyString(@Nullable JsonValue value) {
    return value instanceof StringValue string && string.text().isEmpty();
  }

  private Optional<JsonValue> take(String name, JsonType type, boolean shown) {
    known.add(name);
    JsonValue value = object.members().get(name);
    return value != null && type.check(value, path.field(name), faults, shown)
        ? Optional.of(value)
        : Optional.empty();
  }
}
