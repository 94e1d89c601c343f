package dev.windlass.testkit.executor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes a {@link Script} as a program of POSIX sh. Besides what the shell has built in it needs
 * {@code sleep} that takes fractions and, for the environment, a Linux {@code /proc}.
 */
final class ShellScript {

  private ShellScript() {}

  static List<String> command(Script script) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", text(script), "script"));
    command.addAll(script.arguments());
    return command;
  }

  private static String text(Script script) {
    return script.steps().stream().map(ShellScript::line).collect(Collectors.joining("\n"));
  }

  private static String line(Script.Step step) {
    String quoted = quote(step.text());
    return switch (step.verb()) {
      case APPEND -> "echo x >>" + quoted;
      // A file is there before the line that a shell then writes into it.
      case AWAIT -> "while [ ! -s " + quoted + " ]; do sleep 0.01; done";
      case PRINT -> print(quoted, step.number(), "");
      case PRINT_ERROR -> print(quoted, step.number(), " >&2");
      case SAVE_ARGUMENTS -> "[ $# = 0 ] || printf '%s\\0' \"$@\" >" + quoted;
      // What the shell itself was given; its own additions do not show there.
      case SAVE_ENVIRONMENT -> "cat /proc/$$/environ >" + quoted;
      case FINISH_WHEN_CANCELLED ->
          "trap " + quote("echo x >>" + quoted + "; exit " + step.number()) + " TERM";
      case EXIT -> "exit " + step.number();
      case IGNORE_CANCEL -> "trap '' TERM INT HUP";
      case SHELL -> step.text();
    };
  }

  private static String print(String quoted, int times, String where) {
    return "i=0; while [ $i -lt "
        + times
        + " ]; do printf %s "
        + quoted
        + where
        + "; i=$((i+1)); done";
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
