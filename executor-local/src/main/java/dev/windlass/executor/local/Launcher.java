package dev.windlass.executor.local;

import dev.windlass.executor.AttemptSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Starts the launcher script of an attempt, in a session of its own and with no tie to this JVM.
 *
 * <p>The scripts are run as arguments of {@code sh} and never executed themselves: executing a file
 * that was just written fails with "Text file busy" while another thread forks.
 */
final class Launcher {

  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Path setsid = Host.requiredTool("setsid", "util-linux 2.32 or later");
  private final Path sh = Host.requiredTool("sh", "a POSIX shell");
  private final Path env = Host.requiredTool("env", "coreutils");

  /**
   * What gives the program the default reaction to every signal, where {@code env} can do that
   * (coreutils 8.31). A host that was started with {@code nohup}, or in the background of a script,
   * ignores some; its programs would inherit that, and a shell cannot undo it.
   */
  private final List<String> freshSignals;

  private final Map<String, String> defaults;
  private final Path scripts;

  private Launcher(Map<String, String> defaults, Path scripts) {
    this.defaults = defaults;
    this.scripts = scripts;
    List<String> reset = List.of(env.toString(), "--default-signal");
    this.freshSignals = Host.succeeds(reset, "true") ? reset : List.of();
  }

  /** Installs the scripts. A launcher that reads an older copy keeps it. */
  static Launcher install(Map<String, String> environment, Path directory) throws IOException {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("PATH", PATH);
    defaults.put("HOME", System.getProperty("user.home", "/"));
    defaults.put("LANG", "C.UTF-8");
    defaults.putAll(environment);
    Files.createDirectories(directory);
    for (String script : List.of("launch.sh", "begin.sh")) {
      Path fresh = directory.resolve(script + ".new");
      try (InputStream content =
          Objects.requireNonNull(Launcher.class.getResourceAsStream(script), script)) {
        Files.copy(content, fresh, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(fresh, directory.resolve(script), StandardCopyOption.ATOMIC_MOVE);
    }
    return new Launcher(defaults, directory);
  }

  Path sh() {
    return sh;
  }

  Path scripts() {
    return scripts;
  }

  Path begin() {
    return scripts.resolve("begin.sh");
  }

  /** All variables of a program but the cookie. */
  Map<String, String> environment(AttemptSpec spec) {
    Map<String, String> all = new LinkedHashMap<>(defaults);
    if (!spec.gpuDevices().isEmpty()) {
      // It could see all devices of this host.
      List<String> devices = spec.gpuDevices().stream().map(String::valueOf).toList();
      all.put("CUDA_VISIBLE_DEVICES", String.join(",", devices));
    }
    all.putAll(spec.environment());
    return all;
  }

  void writeCommand(AttemptSpec spec, Evidence evidence) throws IOException {
    evidence.writeFile("secrets", LaunchPlan.secrets(spec));
    evidence.writeFile("command", LaunchPlan.command(spec, environment(spec), env.toString()));
  }

  /**
   * Starts it.
   *
   * @throws IOException if it certainly was not started
   */
  Process start(AttemptSpec spec, Evidence evidence, String cookie) throws IOException {
    List<String> command = new ArrayList<>(freshSignals);
    command.add(setsid.toString());
    command.add(sh.toString());
    command.add(scripts.resolve("launch.sh").toString());
    command.add(evidence.directory().toString());
    command.add(setsid.toString());
    command.add(sh.toString());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put(Sweep.COOKIE_VARIABLE, cookie);
    // What the tools complain about is read by Verdict.
    builder.environment().put("LC_ALL", "C");
    return builder
        .directory(spec.workDirectory().toFile())
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.stdout().toFile()))
        .redirectError(ProcessBuilder.Redirect.appendTo(spec.stderr().toFile()))
        .start();
  }
}
