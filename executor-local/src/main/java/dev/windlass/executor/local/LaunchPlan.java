package dev.windlass.executor.local;

import dev.windlass.executor.AttemptSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The program's environment and arguments as a fragment of shell, so that they reach the program
 * byte for byte.
 *
 * <p>Not as arguments of the launcher: the JVM encodes those in the character set of its locale,
 * which may have no room for them. Not by {@code env -i}: every user of the host can read
 * arguments. The fragment lies in the attempt's evidence, which only the owner can read.
 */
final class LaunchPlan {

  /** Linux: MAX_ARG_STRLEN, 32 pages of 4 KiB, the final NUL included; see execve(2). */
  static final int LONGEST_STRING_BYTES = 131_072;

  private static final Pattern SHELL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Names that a shell keeps for itself, ignores or gives a meaning to. */
  private static final Set<String> SHELLS_OWN =
      Set.of(
          "_",
          "ENV",
          "EUID",
          "GROUPS",
          "FUNCNAME",
          "DIRSTACK",
          "HISTCMD",
          "HOSTTYPE",
          "IFS",
          "LINENO",
          "MACHTYPE",
          "MAILCHECK",
          "OLDPWD",
          "OPTARG",
          "OPTERR",
          "OPTIND",
          "OSTYPE",
          "PIPESTATUS",
          "POSIXLY_CORRECT",
          "PPID",
          "PS1",
          "PS2",
          "PS4",
          "PWD",
          "RANDOM",
          "SECONDS",
          "SHELLOPTS",
          "SHLVL",
          "SRANDOM",
          "EPOCHSECONDS",
          "EPOCHREALTIME",
          "UID");

  private LaunchPlan() {}

  /** The fragment that sets the variables with secret values; it is emptied once it was read. */
  static String secrets(AttemptSpec spec) {
    StringBuilder text = new StringBuilder();
    spec.environment()
        .forEach(
            (name, value) -> {
              if (spec.secretVariables().contains(name)) {
                export(text, name, value);
              }
            });
    return text.toString();
  }

  private static void export(StringBuilder text, String name, String value) {
    text.append("export ").append(name).append('=').append(quote(value)).append('\n');
  }

  /** The fragment that sets positional parameters, and the variables without secret values. */
  static String command(AttemptSpec spec, Map<String, String> environment, String env) {
    StringBuilder text = new StringBuilder();
    StringBuilder odd = new StringBuilder();
    environment.forEach(
        (name, value) -> {
          if (spec.secretVariables().contains(name)) {
            return;
          }
          if (isForShell(name)) {
            export(text, name, value);
          } else {
            odd.append(' ').append(quote(name + "=" + value));
          }
        });
    text.append("_windlass_program=").append(quote(spec.arguments().get(0))).append('\n');
    text.append("set --");
    if (!odd.isEmpty()) {
      text.append(' ').append(quote(env)).append(odd);
    }
    spec.arguments().forEach(argument -> text.append(' ').append(quote(argument)));
    return text.append('\n').toString();
  }

  /** One word of shell that stands for exactly these characters. */
  static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  static String quote(List<String> words) {
    return String.join(" ", words.stream().map(LaunchPlan::quote).toList());
  }

  /** Says whether a shell can hand a variable on. */
  static boolean isForShell(String name) {
    return SHELL_NAME.matcher(name).matches()
        && !SHELLS_OWN.contains(name)
        && !name.startsWith("BASH")
        && !name.startsWith("_windlass_");
  }
}
