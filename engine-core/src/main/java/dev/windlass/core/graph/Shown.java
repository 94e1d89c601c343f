package dev.windlass.core.graph;

import dev.windlass.error.Fault;

/**
 * What of a user's text may appear in a message: no secrets, no control characters, not too long.
 */
final class Shown {

  private static final String SCHEME_END = "://";

  private Shown() {}

  /** A value; empty if it could hold a secret. */
  static String value(String text) {
    // One character more than is shown, so that the fault sees that something was left out.
    return mayHoldCredentials(text) ? "" : escape(shorten(text, Fault.MAX_VALUE_LENGTH + 1));
  }

  /** A key; what follows the scheme of a URI is hidden if it could hold a secret. */
  static String key(String text, int maxLength) {
    if (mayHoldCredentials(text)) {
      int end = text.indexOf(SCHEME_END) + SCHEME_END.length();
      return escape(shorten(text.substring(0, end), maxLength)) + "***";
    }
    String quoted = text.replace("\\", "\\\\").replace("\"", "\\\"");
    return escape(text.length() > maxLength ? shorten(quoted, maxLength) + "..." : quoted);
  }

  /**
   * An {@code @} anywhere behind the scheme counts, not only before the first {@code /}: a password
   * may hold one.
   */
  private static boolean mayHoldCredentials(String text) {
    int schemeEnd = text.indexOf(SCHEME_END);
    return schemeEnd >= 0 && text.indexOf('@', schemeEnd) >= 0;
  }

  private static String shorten(String text, int maxLength) {
    if (text.length() <= maxLength) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
    return text.substring(0, end);
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || isLoneSurrogate(text, i)) {
        escaped.append(String.format("\\u%04x", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static boolean isLoneSurrogate(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
