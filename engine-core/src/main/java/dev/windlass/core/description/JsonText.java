package dev.windlass.core.description;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From text to a tree, strictly: RFC 8259 and nothing beside it, no key twice, well-formed Unicode
 * without NUL, and within limits that bound time and memory. What concerns one value only is
 * reported and reading goes on; syntax, depth and number of values end it.
 */
final class JsonText {

  /** Most levels of objects and arrays; the format itself needs nine. */
  static final int MAX_DEPTH = 64;

  /** Longest string or key in characters. */
  static final int MAX_STRING_LENGTH = 1 << 20;

  /** Longest number in characters. */
  static final int MAX_NUMBER_LENGTH = 32;

  /**
   * Most values in a document: a job with the most tasks and dependencies there can be has fewer.
   */
  static final int MAX_VALUES = 2_000_000;

  /**
   * The parser's own limits are off: they would end the reading, and say less. Keys come from
   * strangers.
   */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH + 2)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private static final BooleanValue TRUE = new BooleanValue(true);
  private static final BooleanValue FALSE = new BooleanValue(false);
  private static final NullValue NULL = new NullValue();
  private static final BrokenValue BROKEN = new BrokenValue();

  /** Reading cannot go on; the fault was added. */
  private static final class Ended extends Exception {
    private static final long serialVersionUID = 1L;

    Ended() {
      super(null, null, false, false);
    }
  }

  private final JsonParser parser;
  private final Faults faults;
  private int values;

  private JsonText(JsonParser parser, Faults faults) {
    this.parser = parser;
    this.faults = faults;
  }

  /**
   * Reads one value and nothing behind it.
   *
   * @param text the document
   * @param faults where faults go
   * @return the value; empty if the text ended early or is not JSON, which is then among the faults
   */
  static Optional<JsonValue> parse(String text, Faults faults) {
    if (text.startsWith("\uFEFF")) {
      return refuse(faults, "a document does not begin with a byte order mark");
    }
    try (JsonParser parser = FACTORY.createParser(text)) {
      return new JsonText(parser, faults).document();
    } catch (JsonProcessingException malformed) {
      return refuse(faults, SyntaxFault.describe(malformed));
    } catch (IOException impossible) {
      throw new AssertionError("a string cannot fail to be read", impossible);
    }
  }

  private static Optional<JsonValue> refuse(Faults faults, String rule) {
    faults.add(ErrorCode.MALFORMED, FieldPath.ROOT, "", rule);
    return Optional.empty();
  }

  private Optional<JsonValue> document() throws IOException {
    if (parser.nextToken() == null) {
      return refuse(faults, "a document is not empty");
    }
    try {
      JsonValue value = value(FieldPath.ROOT, 0);
      if (parser.nextToken() == null) {
        return Optional.of(value);
      }
      JsonLocation at = parser.currentTokenLocation();
      return refuse(faults, SyntaxFault.at(at, "nothing follows the document"));
    } catch (Ended ended) {
      return Optional.empty();
    }
  }

  /** The value that begins with the current token. Recursion ends at the deepest level allowed. */
  private JsonValue value(FieldPath path, int depth) throws IOException, Ended {
    if (++values > MAX_VALUES) {
      throw end(FieldPath.ROOT, "a document has at most " + MAX_VALUES + " values");
    }
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(path, deeper(path, depth));
      case START_ARRAY -> array(path, deeper(path, depth));
      case VALUE_STRING -> string(path);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(path);
      case VALUE_TRUE -> TRUE;
      case VALUE_FALSE -> FALSE;
      case VALUE_NULL -> NULL;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new AssertionError("no value begins with " + token);
    };
  }

  private int deeper(FieldPath path, int depth) throws Ended {
    if (depth == MAX_DEPTH) {
      throw end(path, "a document has at most " + MAX_DEPTH + " levels");
    }
    return depth + 1;
  }

  private Ended end(FieldPath path, String rule) {
    faults.add(ErrorCode.LIMIT, path, "", rule);
    return new Ended();
  }

  private ObjectValue object(FieldPath path, int depth) throws IOException, Ended {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      FieldPath member = path.field(key);
      boolean good = isGood(key, member, "a key");
      parser.nextToken();
      JsonValue value = value(member, depth);
      if (good && members.putIfAbsent(key, value) != null) {
        faults.add(ErrorCode.DUPLICATE, member, "", "a key stands once in its object");
      }
    }
    return new ObjectValue(members);
  }

  private ArrayValue array(FieldPath path, int depth) throws IOException, Ended {
    List<JsonValue> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(path.element(elements.size()), depth));
    }
    return new ArrayValue(elements);
  }

  private JsonValue string(FieldPath path) throws IOException {
    String text = parser.getText();
    return isGood(text, path, "a string") ? new StringValue(text) : BROKEN;
  }

  private JsonValue number(FieldPath path) throws IOException {
    String text = parser.getText();
    if (text.length() > MAX_NUMBER_LENGTH) {
      String rule = "a number has at most " + MAX_NUMBER_LENGTH + " characters";
      faults.add(ErrorCode.LIMIT, path, text, rule);
      return BROKEN;
    }
    return new NumberValue(text);
  }

  private boolean isGood(String text, FieldPath path, String what) {
    if (text.length() > MAX_STRING_LENGTH) {
      String rule = what + " has at most " + MAX_STRING_LENGTH + " characters";
      faults.add(ErrorCode.LIMIT, path, "", rule);
      return false;
    }
    if (!DocumentText.isWellFormed(text)) {
      String rule = what + " is well-formed Unicode without NUL";
      faults.add(ErrorCode.MALFORMED, path, "", rule);
      return false;
    }
    return true;
  }
}
