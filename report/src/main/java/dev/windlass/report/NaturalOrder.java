package dev.windlass.report;

import java.math.BigInteger;
import java.util.Comparator;

/** Orders names as people do: numbers in them by their value, so that 9 comes before 10. */
final class NaturalOrder implements Comparator<String> {

  @Override
  public int compare(String one, String other) {
    int i = 0;
    int j = 0;
    while (i < one.length() && j < other.length()) {
      int endOne = end(one, i);
      int endOther = end(other, j);
      int difference = compareParts(one.substring(i, endOne), other.substring(j, endOther));
      if (difference != 0) {
        return difference;
      }
      i = endOne;
      j = endOther;
    }
    int rest = Integer.compare(one.length() - i, other.length() - j);
    // Names that differ only in leading zeros are different names all the same.
    return rest != 0 ? rest : one.compareTo(other);
  }

  /** The end of the number that begins there, or of the one character. */
  private static int end(String text, int from) {
    int end = from + 1;
    while (isDigit(text.charAt(from)) && end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static int compareParts(String one, String other) {
    return isDigit(one.charAt(0)) && isDigit(other.charAt(0))
        ? new BigInteger(one).compareTo(new BigInteger(other))
        : one.compareTo(other);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
