package dev.windlass.report.page;

/**
 * A table with a heading in each column. Columns whose heading begins with {@code >} hold numbers.
 */
final class HtmlTable {

  private final Markup out;
  private final String[] headings;
  private int column;

  private HtmlTable(Markup out, String[] headings) {
    this.out = out;
    this.headings = headings;
  }

  /** Begins one that scrolls by itself where the page is narrow. */
  static HtmlTable begin(Markup out, String caption, String... headings) {
    out.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", caption);
    out.open("table").element("caption", caption).open("thead").open("tr");
    for (String heading : headings) {
      boolean number = heading.startsWith(">");
      out.element(
          "th",
          number ? heading.substring(1) : heading,
          "scope",
          "col",
          "class",
          number ? "number" : "text");
    }
    out.close("tr").close("thead").open("tbody").newline();
    return new HtmlTable(out, headings);
  }

  HtmlTable row(String... attributes) {
    out.open("tr", attributes);
    column = 0;
    return this;
  }

  /** A cell of our own words. */
  HtmlTable cell(String text) {
    out.element("td", text, "class", next());
    return this;
  }

  /** A cell of foreign words: a name, a message. */
  HtmlTable foreign(String text) {
    out.open("td", "class", next()).foreign(text).close("td");
    return this;
  }

  /** A cell that is written by somebody else. */
  HtmlTable cell(Runnable content) {
    out.open("td", "class", next());
    content.run();
    out.close("td");
    return this;
  }

  private String next() {
    return headings[column++].startsWith(">") ? "number" : "text";
  }

  HtmlTable end() {
    if (column != headings.length) {
      throw new AssertionError("a row has " + column + " cells of " + headings.length);
    }
    out.close("tr").newline();
    return this;
  }

  void close() {
    out.close("tbody").close("table").close("div").newline();
  }
}
