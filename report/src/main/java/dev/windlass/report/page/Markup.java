package dev.windlass.report.page;

/**
 * Writes HTML, and SVG within it. All text and all values of attributes are escaped: names and
 * messages come from users, programs and storages, and are hostile until written by this class.
 */
final class Markup {

  private final StringBuilder out = new StringBuilder();

  /**
   * Begins an element.
   *
   * @param tag its name
   * @param attributes names and values in turn; a name is a literal of this package
   */
  Markup open(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
    out.append('>');
    return this;
  }

  Markup close(String tag) {
    out.append("</").append(tag).append('>');
    return this;
  }

  /** A whole element that holds text only. */
  Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  Markup text(String text) {
    escape(text);
    return this;
  }

  /**
   * Text that is not ours, so that its writing direction stays its own: a name with marks from
   * right to left would otherwise turn round what stands beside it.
   */
  Markup foreign(String text) {
    return element("bdi", text);
  }

  /** What must not be escaped: styles, scripts and data that were made for their place. */
  Markup verbatim(String text) {
    out.append(text);
    return this;
  }

  Markup newline() {
    out.append('\n');
    return this;
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(isWritable(text, i) ? c : '\ufffd');
      }
    }
  }

  /** HTML has no place for control characters and for halves of characters, escaped or not. */
  private static boolean isWritable(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }
    return c == '\n' || c == '\t' || !Character.isISOControl(c);
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
