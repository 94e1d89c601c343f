package dev.windlass.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text in columns that are as wide as their widest cell; numbers stand right. */
final class Table {

  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();
  private final boolean[] rightAligned;

  /**
   * A table with its headings.
   *
   * @param headings one for each column; those that begin with {@code >} align to the right
   */
  Table(String... headings) {
    rightAligned = new boolean[headings.length];
    String[] shown = new String[headings.length];
    for (int column = 0; column < headings.length; column++) {
      rightAligned[column] = headings[column].startsWith(">");
      shown[column] = rightAligned[column] ? headings[column].substring(1) : headings[column];
    }
    rows.add(shown);
  }

  void row(Object... cells) {
    rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
  }

  /** The lines, without trailing blanks. */
  List<String> lines() {
    int[] widths = new int[rightAligned.length];
    for (String[] row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row[column].length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(String[] row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String padding = " ".repeat(widths[column] - row[column].length());
      line.append(rightAligned[column] ? padding + row[column] : row[column] + padding).append(GAP);
    }
    return line.toString().stripTrailing();
  }
}
