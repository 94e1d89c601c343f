package dev.windlass.testkit.executor;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs a {@link Script} in Java, for executors that run Java code. Its thread is its program. */
public final class ScriptInterpreter {

  /**
   * What the script is given.
   *
   * @param workDirectory where its files lie; made when it is not there
   * @param environment the variables
   * @param stdout standard output
   * @param stderr standard error
   */
  public record Surroundings(
      Path workDirectory, Map<String, String> environment, PrintStream stdout, PrintStream stderr) {

    /** Copies the variables. */
    public Surroundings {
      environment = Map.copyOf(environment);
    }
  }

  private static final long POLL_MILLIS = 2;

  private final Script script;
  private final Surroundings given;

  private ScriptInterpreter(Script script, Surroundings given) {
    this.script = script;
    this.given = given;
  }

  /**
   * Runs a script to its end. An interrupt of the thread asks it to end.
   *
   * @param script what to do
   * @param given with what
   * @return the exit code
   * @throws InterruptedException if it was asked to end and has nothing to finish
   * @throws IOException if a file cannot be read or written
   */
  public static int run(Script script, Surroundings given)
      throws InterruptedException, IOException {
    Files.createDirectories(given.workDirectory());
    return new ScriptInterpreter(script, given).run();
  }

  private int run() throws InterruptedException, IOException {
    try {
      for (Script.Step step : script.steps()) {
        if (step.verb() == Script.Verb.EXIT) {
          return step.number();
        }
        perform(step);
      }
      return 0;
    } catch (InterruptedException e) {
      for (Script.Step step : script.steps()) {
        if (step.verb() == Script.Verb.FINISH_WHEN_CANCELLED) {
          append(step.text(), "x\n");
          return step.number();
        }
      }
      throw e;
    }
  }

  private void perform(Script.Step step) throws InterruptedException, IOException {
    switch (step.verb()) {
      case APPEND -> append(step.text(), "x\n");
      case AWAIT -> await(given.workDirectory().resolve(step.text()));
      case PRINT -> given.stdout().print(step.text().repeat(step.number()));
      case PRINT_ERROR -> given.stderr().print(step.text().repeat(step.number()));
      case SAVE_ARGUMENTS -> append(step.text(), terminated(script.arguments()));
      case SAVE_ENVIRONMENT ->
          append(
              step.text(),
              terminated(given.environment().entrySet().stream().map(Object::toString).toList()));
      case FINISH_WHEN_CANCELLED, EXIT -> {}
      case IGNORE_CANCEL, SHELL ->
          throw new IllegalArgumentException(step.verb() + " is for programs only");
    }
  }

  private static String terminated(List<String> texts) {
    return texts.stream().map(text -> text + "\0").collect(Collectors.joining());
  }

  private static void await(Path file) throws IOException, InterruptedException {
    while (!Files.exists(file) || Files.size(file) == 0) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private void append(String file, String text) throws IOException {
    Files.writeString(
        given.workDirectory().resolve(file),
        text,
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
