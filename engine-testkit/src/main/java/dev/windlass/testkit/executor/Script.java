package dev.windlass.testkit.executor;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a program of the contract suite does: steps, one after the other, and then it exits with 0.
 *
 * <p>Files are named relative to the working directory. {@link ProgramExecutorContract} runs a
 * script as a program of POSIX sh; the author of an executor for other things runs it with {@link
 * ScriptInterpreter} or writes as much himself.
 *
 * @param steps in order
 * @param arguments what the program is given besides the script; it does nothing with them, unless
 *     a step says so
 */
public record Script(List<Step> steps, List<String> arguments) {

  /** What a step does with its text and number. */
  public enum Verb {
    /** Appends the line {@code x} to the file named by the text. */
    APPEND,
    /** Waits until the file named by the text holds something. */
    AWAIT,
    /** Writes the text to standard output, as often as the number says. */
    PRINT,
    /** Writes the text to standard error, as often as the number says. */
    PRINT_ERROR,
    /** Writes each argument and a NUL to the file named by the text. */
    SAVE_ARGUMENTS,
    /** Writes each variable as {@code name=value} and a NUL to the file named by the text. */
    SAVE_ENVIRONMENT,
    /** From now on, when asked to end, appends to the file named by the text and exits so. */
    FINISH_WHEN_CANCELLED,
    /** Exits with the number. */
    EXIT,
    /** From now on takes no notice when asked to end. Only for programs. */
    IGNORE_CANCEL,
    /** Runs the text as a piece of shell script. Only for programs. */
    SHELL;

    boolean prepares() {
      return this == FINISH_WHEN_CANCELLED || this == IGNORE_CANCEL;
    }
  }

  /**
   * One step.
   *
   * @param verb what to do
   * @param text with what; see the verb
   * @param number how often or with which code; see the verb
   */
  public record Step(Verb verb, String text, int number) {}

  /** Copies the lists. */
  public Script {
    steps = List.copyOf(steps);
    arguments = List.copyOf(arguments);
  }

  static Script of(Step... steps) {
    return new Script(Arrays.asList(steps), List.of());
  }

  static Step append(String file) {
    return new Step(Verb.APPEND, file, 0);
  }

  static Step await(String file) {
    return new Step(Verb.AWAIT, file, 0);
  }

  static Step print(String text, int times) {
    return new Step(Verb.PRINT, text, times);
  }

  static Step printError(String text, int times) {
    return new Step(Verb.PRINT_ERROR, text, times);
  }

  static Step saveArguments(String file) {
    return new Step(Verb.SAVE_ARGUMENTS, file, 0);
  }

  static Step saveEnvironment(String file) {
    return new Step(Verb.SAVE_ENVIRONMENT, file, 0);
  }

  static Step finishWhenCancelled(String file, int code) {
    return new Step(Verb.FINISH_WHEN_CANCELLED, file, code);
  }

  static Step ignoreCancel() {
    return new Step(Verb.IGNORE_CANCEL, "", 0);
  }

  static Step exit(int code) {
    return new Step(Verb.EXIT, "", code);
  }

  static Step shell(String piece) {
    return new Step(Verb.SHELL, piece, 0);
  }

  Script withArguments(List<String> given) {
    return new Script(steps, given);
  }

  /** Puts a step before all others except those that only prepare for being cancelled. */
  Script beginningWith(Step first) {
    Stream<Step> before = steps.stream().filter(step -> step.verb().prepares());
    Stream<Step> after = steps.stream().filter(step -> !step.verb().prepares());
    return new Script(
        Stream.of(before, Stream.of(first), after).flatMap(part -> part).toList(), arguments);
  }

  /**
   * The steps as text of one line, for a command that carries them as an argument.
   *
   * @return letters, digits and {@code .-*_+%:;}
   */
  public String encode() {
    return steps.stream()
        .map(
            step ->
                step.verb()
                    + ":"
                    + step.number()
                    + ":"
                    + URLEncoder.encode(step.text(), StandardCharsets.UTF_8))
        .collect(Collectors.joining(";"));
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @param text the steps
   * @param arguments what else the program was given
   * @return the script
   */
  public static Script decode(String text, List<String> arguments) {
    List<Step> steps = new ArrayList<>();
    for (String step : text.split(";", -1)) {
      String[] parts = step.split(":", 3);
      steps.add(
          new Step(
              Verb.valueOf(parts[0]),
              URLDecoder.decode(parts[2], StandardCharsets.UTF_8),
              Integer.parseInt(parts[1])));
    }
    return new Script(steps, arguments);
  }
}
