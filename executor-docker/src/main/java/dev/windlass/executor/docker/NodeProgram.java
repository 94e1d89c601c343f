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
 * handed over with the exec of each runner, so that a node of an older host is supervised by the
 * newer one.
 *
 * @param arguments the program and its arguments
 * @param environment its variables
 * @param secretVariables those of them that are not to be written to any file
 * @param workDirectory where it starts; empty for the image's own
 * @param out gets standard output; empty for the log of the run
 * @param err gets standard error; empty for the log of the run
 * @param sealed true if all that it started is ended with it
 */
record NodeProgram(
    List<String> arguments,
    Map<String, String> environment,
    Set<String> secretVariables,
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
   * @param variables what it gets beyond the variables of its container
   */
  record Exec(List<String> command, Map<String, String> variables) {}

  /**
   * The exec of a runner.
   *
   * @param first the name of its first run; empty for none
   * @param variables that it gives to what it runs
   */
  static Exec serve(Path directory, String first, Map<String, String> variables) {
    List<String> command = script("serve", directory, first);
    command.add(SUPERVISE);
    command.add(BEGIN);
    return new Exec(command, variables);
  }

  /** Something that is done about a run. */
  static Exec about(String what, Path directory, String cookie, String... more) {
    List<String> command = script(what, directory, cookie);
    command.addAll(List.of(more));
    return new Exec(command, Map.of());
  }

  private static List<String> script(String what, Path directory, String more) {
    return new ArrayList<>(
        List.of(SHELL, "-c", SUPERVISE, "windlass", what, directory.toString(), more));
  }

  /** Variables that only the runner may hand on. */
  Map<String, String> secrets() {
    Map<String, String> secrets = new LinkedHashMap<>(environment);
    secrets.keySet().retainAll(secretVariables);
    return secrets;
  }

  /**
   * The order to a runner: shell text that becomes the supervisor. That is under an init that all
   * orphans of the program come to, so that none of them gets away.
   */
  String order(Path directory, String cookie) {
    StringBuilder text = new StringBuilder();
    List<String> odd = new ArrayList<>();
    workDirectory.ifPresent(
        place -> text.append("cd ").append(quoted(place.toString())).append(" || exit\n"));
    environment.forEach(
        (name, value) -> {
          if (!isForShell(name)) {
            odd.add(name + "=" + value);
          } else if (!secretVariables.contains(name)) {
            text.append(exported(name, value));
          }
        });
    text.append("exec");
    if (sealed) {
      text.insert(0, exported(COOKIE_VARIABLE, cookie));
      text.append(' ').append(INIT).append(" -s --");
    }
    text.append(' ').append(SHELL).append(" -c \"$_windlass_supervise\" windlass run");
    Path log = directory.resolve("log");
    List<String> words =
        new ArrayList<>(
            List.of(
                directory.toString(),
                cookie,
                out.orElse(log).toString(),
                err.orElse(log).toString(),
                sealed ? "all" : "own"));
    words.forEach(word -> text.append(' ').append(quoted(word)));
    text.append(" \"$_windlass_begin\" ").append(quoted(arguments.get(0)));
    if (!odd.isEmpty()) {
      text.append(" env");
      odd.forEach(word -> text.append(' ').append(quoted(word)));
    }
    arguments.forEach(word -> text.append(' ').append(quoted(word)));
    return text.append('\n').toString();
  }

  private static String exported(String name, String value) {
    return "export " + name + "=" + quoted(value) + "\n";
  }

  /** As one word of a shell, whatever it contains. */
  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
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
