package dev.windlass.job;

import java.util.regex.Pattern;

/** The rules of labels. */
final class Labels {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_./-]{1," + JobDescription.MAX_LABEL_NAME_LENGTH + "}");

  private Labels() {}

  static void check(String name, String value) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the name of a label has 1 to "
              + JobDescription.MAX_LABEL_NAME_LENGTH
              + " letters, digits, '-', '_', '.' and '/'");
    }
    if (value.length() > JobDescription.MAX_LABEL_VALUE_LENGTH) {
      throw new IllegalArgumentException(
          "the value of a label has at most "
              + JobDescription.MAX_LABEL_VALUE_LENGTH
              + " characters");
    }
    Names.checkText("the value of a label", value);
  }

  static void checkCount(int count) {
    if (count > JobDescription.MAX_LABELS) {
      throw new IllegalArgumentException(
          "a job has at most " + JobDescription.MAX_LABELS + " labels");
    }
  }
}
