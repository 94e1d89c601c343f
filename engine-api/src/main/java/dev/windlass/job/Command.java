package dev.windlass.job;

import java.util.List;

/** What an instance runs. {@link #kind()} names the case for a switch. */
public sealed interface Command {

  /** One case for each permitted type. */
  enum Kind {
    /** {@link ShellLine}. */
    SHELL_LINE,
    /** {@link Arguments}. */
    ARGUMENTS
  }

  /**
   * The case.
   *
   * @return one constant for each permitted type
   */
  Kind kind();

  /**
   * The program and its arguments as the operating system gets them.
   *
   * @return at least one element; immutable
   */
  List<String> arguments();

  /**
   * A line that {@code /bin/sh} interprets, as the service's {@code CommandLine}.
   *
   * @param line not blank, without NUL
   */
  record ShellLine(String line) implements Command {
    /**
     * Checks the line.
     *
     * @throws IllegalArgumentException if the line is blank or holds a NUL
     */
    public ShellLine {
      if (line.isBlank()) {
        throw new IllegalArgumentException("a command line is not blank");
      }
      Names.checkText("a command line", line);
    }

    @Override
    public Kind kind() {
      return Kind.SHELL_LINE;
    }

    @Override
    public List<String> arguments() {
      return List.of("/bin/sh", "-c", line);
    }
  }

  /**
   * A program and its arguments; no shell sees them, so nothing in them is special.
   *
   * @param arguments the program, found on the program's {@code PATH} unless it holds a {@code /},
   *     then its arguments in order; the program is not empty; no element holds a NUL
   */
  record Arguments(List<String> arguments) implements Command {
    /**
     * Checks and copies the list.
     *
     * @throws IllegalArgumentException if there is no program or an element holds a NUL
     */
    public Arguments {
      arguments = List.copyOf(arguments);
      if (arguments.isEmpty() || arguments.get(0).isEmpty()) {
        throw new IllegalArgumentException("a command names a program");
      }
      arguments.forEach(argument -> Names.checkText("an argument", argument));
    }

    @Override
    public Kind kind() {
      return Kind.ARGUMENTS;
    }
  }

  /**
   * A shell line.
   *
   * @param line not blank
   * @return the command
   */
  static Command shell(String line) {
    return new ShellLine(line);
  }

  /**
   * A program with arguments.
   *
   * @param program not empty
   * @param arguments what follows it
   * @return the command
   */
  static Command of(String program, String... arguments) {
    java.util.ArrayList<String> all = new java.util.ArrayList<>();
    all.add(program);
    all.addAll(List.of(arguments));
    return new Arguments(all);
  }
}
