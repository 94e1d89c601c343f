package dev.windlass.core.description;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;

/**
 * Says where and why a text is not JSON, without repeating any of it: it could be a secret without
 * quotes.
 */
final class SyntaxFault {

  private SyntaxFault() {}

  static String describe(JsonProcessingException malformed) {
    return at(malformed.getLocation(), reason(String.valueOf(malformed.getOriginalMessage())));
  }

  static String at(JsonLocation where, String rule) {
    return "line " + where.getLineNr() + ", column " + where.getColumnNr() + ": " + rule;
  }

  private static String reason(String message) {
    if (message.startsWith("Unexpected end-of-input")) {
      return "the document ends too early";
    }
    if (message.startsWith("Unrecognized token") || message.startsWith("Non-standard token")) {
      return "a word that is not true, false or null stands without quotes";
    }
    if (message.contains("was expecting")) {
      return "not JSON, " + message.substring(message.indexOf("was expecting")).replace(")", "");
    }
    return "not JSON";
  }
}
