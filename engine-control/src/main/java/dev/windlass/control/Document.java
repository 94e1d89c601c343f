package dev.windlass.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A JSON object that was received. Whoever reads it takes its members out, and what is left is
 * refused: a request is done as it was meant or not at all. Every fault is {@code MALFORMED}.
 */
final class Document {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final ObjectNode members;

  private Document(ObjectNode members) {
    this.members = members;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Reads one from a line. */
  static Document of(String line) {
    try {
      return of(MAPPER.readTree(line));
    } catch (JsonProcessingException e) {
      throw malformed("a line is one JSON object: " + e.getOriginalMessage());
    }
  }

  private static Document of(JsonNode value) {
    if (value instanceof ObjectNode object) {
      return new Document(object);
    }
    throw malformed("an object is expected");
  }

  /** Writes one as a line. */
  static String line(ObjectNode object) {
    try {
      return MAPPER.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of values can always be written", e);
    }
  }

  boolean has(String name) {
    return members.hasNonNull(name);
  }

  private JsonNode take(String name) {
    JsonNode value = members.remove(name);
    if (value == null || value.isNull()) {
      throw malformed(name + " must be given");
    }
    return value;
  }

  String text(String name) {
    return text(name, take(name));
  }

  private static String text(String name, JsonNode value) {
    if (!value.isTextual()) {
      throw malformed(name + " is a text");
    }
    return value.textValue();
  }

  /** Empty if it is not there or null. */
  Optional<String> optionalText(String name) {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  int integer(String name) {
    JsonNode value = take(name);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw malformed(name + " is an integer");
    }
    return value.intValue();
  }

  Document document(String name) {
    return of(take(name));
  }

  /** Empty if it is not there. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    elements(name).forEach(each -> texts.add(text(name, each)));
    return texts;
  }

  /** Empty if it is not there. */
  List<Document> documents(String name) {
    List<Document> documents = new ArrayList<>();
    elements(name).forEach(each -> documents.add(of(each)));
    return documents;
  }

  private JsonNode elements(String name) {
    JsonNode value = has(name) ? take(name) : JsonNodeFactory.instance.arrayNode();
    if (!value.isArray()) {
      throw malformed(name + " is a list");
    }
    return value;
  }

  /** Texts by name; empty if it is not there. */
  SortedMap<String, String> map(String name) {
    SortedMap<String, String> texts = new TreeMap<>();
    if (has(name)) {
      ObjectNode object = document(name).members;
      object.properties().forEach(each -> texts.put(each.getKey(), text(name, each.getValue())));
    }
    return texts;
  }

  /** Refuses what was not taken. */
  void finish() {
    if (!members.isEmpty()) {
      throw malformed("there is no field " + members.fieldNames().next() + " here");
    }
  }

  static EngineException malformed(String message) {
    return new EngineException(ErrorCode.MALFORMED, "", message);
  }
}
