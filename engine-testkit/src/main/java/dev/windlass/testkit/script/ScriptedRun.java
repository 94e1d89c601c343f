package dev.windlass.testkit.script;

import dev.windlass.job.AttemptId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What one attempt of a scripted program is given. Valid while its program runs; for the thread of
 * the test only. All text is UTF-8.
 */
public interface ScriptedRun {

  /**
   * Which attempt this is.
   *
   * @return its id, with job, task, index and number
   */
  AttemptId id();

  /**
   * The program and its arguments.
   *
   * @return at least one; immutable
   */
  List<String> arguments();

  /**
   * All variables of the program.
   *
   * @return name to value; immutable
   */
  Map<String, String> environment();

  /**
   * Where a path of the program lies.
   *
   * @param path as the program sees it: relative to its working directory, or an absolute path of a
   *     mapping
   * @return a path in the file system of the test engine, which is in memory; need not exist
   * @throws IllegalArgumentException if it is absolute and no mapping shows it
   */
  Path path(String path);

  /**
   * Reads a file, such as a mapped input.
   *
   * @param path as the program sees it
   * @return its whole content
   * @throws java.io.UncheckedIOException if it cannot be read; with a {@link
   *     java.nio.file.NoSuchFileException} if it is not there
   */
  String read(String path);

  /**
   * Writes a file, such as a mapped output; replaces what was there and makes its folders.
   *
   * @param path as the program sees it
   * @param text the whole content
   */
  void write(String path, String text);

  /**
   * Writes to standard output.
   *
   * @param text appended as it is, without a line feed of its own
   */
  void print(String text);

  /**
   * Writes to standard error.
   *
   * @param text appended as it is, without a line feed of its own
   */
  void printError(String text);
}
