package dev.windlass.testkit.mutation;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small change of the text of one source file.
 *
 * @param file below {@code dev/windlass/core}, without {@code .java}, such as {@code
 *     job/Completion}
 * @param old what is replaced; must occur once, whatever blanks and line breaks are in it
 * @param replacement what stands there instead
 */
record Change(String file, String old, String replacement) {

  private static final Pattern WORD = Pattern.compile("\\w+|[^\\w\\s]");

  /** The name of the class that the file declares. */
  String className() {
    return "dev.windlass.core." + file.replace('/', '.');
  }

  /**
   * The text with the change.
   *
   * @throws AssertionError if what is to be replaced does not occur exactly once
   */
  String applyTo(String source) {
    Matcher found = pattern().matcher(source);
    if (!found.find()) {
      throw new AssertionError("refit the mutation: " + file + " does not hold\n" + old);
    }
    int start = found.start();
    int end = found.end();
    if (found.find()) {
      throw new AssertionError("refit the mutation: " + file + " holds more than once\n" + old);
    }
    return source.substring(0, start) + replacement + source.substring(end);
  }

  /** The words and signs of the old text, with anything blank between them. */
  private Pattern pattern() {
    List<String> parts = new ArrayList<>();
    Matcher words = WORD.matcher(old);
    while (words.find()) {
      parts.add(Pattern.quote(words.group()));
    }
    return Pattern.compile(String.join("\\s*", parts));
  }
}
