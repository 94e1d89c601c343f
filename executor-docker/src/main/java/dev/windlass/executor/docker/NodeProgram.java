package dev.windlass.executor.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A program as the supervisor of a node is to run it. The supervisor is the text of a shell script,
 * handed over with each exec, so that a node of an older host is supervised by the newer one.
 *
 * @param arguments the program and its arguments
 * @param environment its variables
 * @param workDirectory where it starts; empty for the image's own
 * @param out gets standard output; empty for the log of the run
 * @param err gets standard error; empty for the log of the run
 * @param sealed true if all that it started is ended with it
 */
record NodeProgram(
    List<String> arguments,
    Map<String, String> environment,
    Optional<Path> workDirectory,
    Optional<Path> out,
    Optional<Path> err,
    boolean sealed) {

  static final String COOKIE_VARIABLE = "WINDLASS_COOKIE";

  private static final String SHELL = "/bin/sh";

  /** Where the Docker engine puts its init, a tini, into every container that is to have one. */
  private static final String INIT = "/sbin/docker-init";

  /** What a node does by itself: it is there. */
  static final List<String> KEEP =
      List.of(SHELL, "-c", "while :; do sleep 86400 || exit 127; done");

  private static final String SUPERVISE = text("supervise.sh");
  private static final String BEGIN = text("begin.sh");

  private static final Pattern SHELL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Names that shells keep for themselves, ignore or give a meaning to. */
  private static final Set<String> SHELLS_OWN =
      Set.of(
          "_",
          "ENV",
          "EUID",
          "UID",
          "PPID",
          "IFS",
          "PS1",
          "PS2",
          "PS4",
          "PWD",
          "OLDPWD",
          "OPTIND",
          "OPTARG",
          "OPTERR",
          "SHLVL",
          "SHELLOPTS",
          "LINENO",
          "RANDOM",
          "SECONDS",
          "POSIXLY_CORRECT",
          "MAILCHECK",
          "FUNCNAME",
          "GROUPS",
          "DIRSTACK",
          "HISTCMD",
          "HOSTTYPE",
          "MACHTYPE",
          "OSTYPE",
          "PIPESTATUS",
          "SRANDOM",
          "EPOCHSECONDS",
          "EPOCHREALTIME");

  /**
   * What the Docker engine is to run.
   *
   * @param command the program and its arguments
   * @param variables all of its variables
   * @param workDirectory where it starts; empty for the image's own
   */
  record Exec(List<String> command, Map<String, String> variables, Optional<Path> workDirectory) {}

  /**
   * The exec of the supervisor. Under an init that all orphans of the program come to, so that none
   * of them gets away.
   */
  Exec exec(Path directory, String cookie) {
    Map<String, String> variables = new LinkedHashMap<>();
    List<String> odd = new ArrayList<>();
    environment.forEach(
        (name, value) -> {
          if (isForShell(name)) {
            variables.put(name, value);
          } else {
            odd.add(name + "=" + value);
          }
        });
    List<String> command = new ArrayList<>();
    if (sealed) {
      variables.put(COOKIE_VARIABLE, cookie);
      command.addAll(List.of(INIT, "-s", "--"));
    }
    Path log = directory.resolve("log");
    command.addAll(script("run", directory, cookie));
    command.add(out.orElse(log).toString());
    command.add(err.orElse(log).toString());
    command.add(sealed ? "all" : "own");
    command.add(BEGIN);
    command.add(arguments.get(0));
    if (!odd.isEmpty()) {
      command.add("env");
      command.addAll(odd);
    }
    command.addAll(arguments);
    return new Exec(command, variables, workDirectory);
  }

  /** Something that is done about a run. */
  static Exec order(String what, Path directory, String cookie, String... more) {
    List<String> command = script(what, directory, cookie);
    command.addAll(List.of(more));
    return new Exec(command, Map.of(), Optional.empty());
  }

  private static List<String> script(String what, Path directory, String cookie) {
    return new ArrayList<>(
        List.of(SHELL, "-c", SUPERVISE, "windlass", what, directory.toString(), cookie));
  }

  /** Says whether a shell can hand a variable on. */
  static boolean isForShell(String name) {
    return SHELL_NAME.matcher(name).matches()
        && !SHELLS_OWN.contains(name)
        && !name.startsWith("BASH")
        && !name.startsWith("_windlass_");
  }

  private static String text(String name) {
    try (InputStream content = NodeProgram.class.getResourceAsStream(name)) {
      if (content == null) {
        throw new AssertionError(name + " is not in this module");
      }
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
