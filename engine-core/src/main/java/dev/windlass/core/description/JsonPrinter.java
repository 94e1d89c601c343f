package dev.windlass.core.description;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import dev.windlass.core.description.JsonValue.ArrayValue;
import dev.windlass.core.description.JsonValue.BooleanValue;
import dev.windlass.core.description.JsonValue.NumberValue;
import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.description.JsonValue.StringValue;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;

/** From a tree to text. The same tree gives the same text, on every platform. */
final class JsonPrinter {

  private static final JsonFactory FACTORY = new JsonFactory();

  private static final Separators SEPARATORS =
      Separators.createDefaultInstance()
          .withObjectFieldValueSpacing(Spacing.AFTER)
          .withObjectEmptySeparator("")
          .withArrayEmptySeparator("");

  private JsonPrinter() {}

  /** No white space at all. */
  static String compact(JsonValue value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      print(value, generator);
    } catch (IOException impossible) {
      throw new AssertionError("a string cannot fail to be written", impossible);
    }
    return text.toString();
  }

  /** Indented by two, a line feed at each line's end. */
  static String pretty(JsonValue value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      generator.setPrettyPrinter(
          new DefaultPrettyPrinter(SEPARATORS).withObjectIndenter(new DefaultIndenter("  ", "\n")));
      print(value, generator);
    } catch (IOException impossible) {
      throw new AssertionError("a string cannot fail to be written", impossible);
    }
    return text.append('\n').toString();
  }

  private static void print(JsonValue value, JsonGenerator generator) throws IOException {
    if (value instanceof ObjectValue object) {
      generator.writeStartObject();
      for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
        generator.writeFieldName(member.getKey());
        print(member.getValue(), generator);
      }
      generator.writeEndObject();
    } else if (value instanceof ArrayValue array) {
      generator.writeStartArray();
      for (JsonValue element : array.elements()) {
        print(element, generator);
      }
      generator.writeEndArray();
    } else if (value instanceof StringValue string) {
      generator.writeString(string.text());
    } else if (value instanceof NumberValue number) {
      generator.writeNumber(number.text());
    } else if (value instanceof BooleanValue bool) {
      generator.writeBoolean(bool.value());
    } else {
      generator.writeNull();
    }
  }
}
