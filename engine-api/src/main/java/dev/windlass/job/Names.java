package dev.windlass.job;

import java.util.regex.Pattern;

/** The alphabets of names, in one place. Source of the rules: reference, sections 2.1 and 2.2. */
final class Names {

  /** Letters, digits, {@code -} and {@code _}; the first is not a digit and not {@code -}. */
  private static final Pattern SERVICE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

  private Names() {}

  static String checkServiceName(String what, String name, int maxLength) {
    if (name.length() > maxLength || !SERVICE_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          what
              + " has 1 to "
              + maxLength
              + " letters, digits, '-' and '_', and begins with a letter or '_'");
    }
    return name;
  }

  static String checkText(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\0') {
        throw new IllegalArgumentException(what + " holds no NUL character");
      }
    }
    return text;
  }
}
