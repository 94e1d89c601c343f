package dev.windlass.core.graph;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody who mistyped probably meant. */
final class NearestName {

  /** Most changes between what was typed and what was meant. */
  private static final int MAX_DISTANCE = 3;

  private NearestName() {}

  /**
   * The nearest of some names. Case counts for nothing; insertions, deletions and replacements for
   * one each, at most two, of short names one and of long ones three.
   *
   * @param typed the name that is not there
   * @param known the names that are
   * @return the nearest, of several the first in the alphabet
   */
  static Optional<String> of(String typed, Collection<String> known) {
    String wanted = typed.toLowerCase(Locale.ROOT);
    int best =
        Math.min(MAX_DISTANCE, Math.max(wanted.length() < 4 ? 1 : 2, wanted.length() / 3)) + 1;
    String nearest = null;
    for (String name : known) {
      int distance = distance(wanted, name.toLowerCase(Locale.ROOT), best + 1);
      if (distance < best || (distance == best && nearest != null && name.compareTo(nearest) < 0)) {
        best = distance;
        nearest = name;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** Levenshtein's distance, or {@code bound} as soon as it cannot be less. */
  private static int distance(String a, String b, int bound) {
    if (Math.abs(a.length() - b.length()) >= bound) {
      return bound;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      if (nextRow(row, a.charAt(i - 1), i, b) >= bound) {
        return bound;
      }
    }
    return row[b.length()];
  }

  /** Turns the row for i - 1 characters into that for i, and returns its least element. */
  private static int nextRow(int[] row, char c, int i, String b) {
    int diagonal = row[0];
    row[0] = i;
    int least = i;
    for (int j = 1; j < row.length; j++) {
      int replaced = diagonal + (c == b.charAt(j - 1) ? 0 : 1);
      diagonal = row[j];
      row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      least = Math.min(least, row[j]);
    }
    return least;
  }
}
