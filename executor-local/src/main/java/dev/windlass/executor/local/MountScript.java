package dev.windlass.executor.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Turns a {@link MountPlan} into shell, with as few programs to run as can be. */
final class MountScript {

  private static final long TRIAL_SECONDS = 10;

  private final MountTools tools;
  private final Evidence evidence;
  private final MountTable table;
  private final boolean ownsAsRoot;
  private final Path root;
  private final StringBuilder script = new StringBuilder();
  private final StringBuilder pendingBinds = new StringBuilder();
  private int bindFiles;

  MountScript(MountTools tools, Evidence evidence, MountTable table, boolean ownsAsRoot) {
    this.tools = tools;
    this.evidence = evidence;
    this.table = table;
    this.ownsAsRoot = ownsAsRoot;
    this.root = evidence.file("root");
  }

  /** The fragment that builds the tree and makes it the root. */
  String render(MountPlan plan) throws IOException {
    for (Map.Entry<Path, MountPlan.Layer> entry : plan.layers()) {
      Path place = placeOf(entry.getKey());
      if (entry.getValue().opened()) {
        flushBinds();
        open(plan, entry.getKey(), entry.getValue());
      } else {
        // The format of fstab(5).
        pendingBinds
            .append(escape(entry.getValue().host()))
            .append(' ')
            .append(escape(place))
            .append(entry.getValue().entry() ? " none rbind,nofail 0 0\n" : " none rbind 0 0\n");
      }
    }
    flushBinds();
    for (Map.Entry<Path, MountPlan.Layer> entry : plan.layers()) {
      if (entry.getValue().readOnly()) {
        protect(entry.getKey(), entry.getValue());
      }
    }
    Path old = evidence.file("old");
    command(tools.pivotRoot(), root.toString(), placeOf(old).toString());
    // Relative names would still lead into the old tree.
    script.append("cd /\n");
    command(tools.umount(), "-n", "-l", old.toString());
    return script.toString();
  }

  private void open(MountPlan plan, Path target, MountPlan.Layer layer) throws IOException {
    Map<String, Object> host = Files.readAttributes(layer.host(), "unix:mode,uid,gid");
    int mode = Integer.parseInt(String.valueOf(host.get("mode")));
    String options = String.format("mode=%04o", mode & 07777);
    if (ownsAsRoot) {
      options += ",uid=" + host.get("uid") + ",gid=" + host.get("gid");
    }
    command(
        tools.mount(), "-n", "-t", "tmpfs", "-o", options, "windlass", placeOf(target).toString());
    List<String> directories = new ArrayList<>();
    List<String> files = new ArrayList<>();
    for (Map.Entry<Path, MountPlan.Layer> entry : plan.layers()) {
      Path point = entry.getKey();
      if (isPointIn(plan, target, point)) {
        boolean directory = entry.getValue().directory();
        (directory ? directories : files).add(placeOf(point).toString());
        if (!directory) {
          directories.add(placeOf(MountPlan.parentOf(point)).toString());
        }
      }
    }
    makeDirectories(directories);
    files.forEach(file -> script.append(": >").append(LaunchPlan.quote(file)).append('\n'));
    for (Map.Entry<Path, Path> link : plan.links().entrySet()) {
      if (target.equals(link.getKey().getParent())) {
        command(
            tools.ln(), "-s", "--", link.getValue().toString(), placeOf(link.getKey()).toString());
      }
    }
  }

  private static boolean isPointIn(MountPlan plan, Path opened, Path point) {
    Path path = point.getParent();
    while (path != null && !path.equals(opened)) {
      path = plan.hasLayerAt(path) ? null : path.getParent();
    }
    return path != null && !point.equals(opened);
  }

  private void makeDirectories(List<String> directories) {
    if (!directories.isEmpty()) {
      List<String> words = new ArrayList<>(List.of(tools.mkdir(), "-p", "--"));
      words.addAll(directories);
      command(words.toArray(String[]::new));
    }
  }

  /** The kernel makes single mounts read-only, so each one below is done for itself. */
  private void protect(Path target, MountPlan.Layer layer) {
    remount(placeOf(target), table.flagsAt(layer.host()), layer.opened());
    if (!layer.opened()) {
      for (Path nested : table.below(layer.host())) {
        Path place = target.resolve(layer.host().relativize(nested));
        remount(placeOf(place), table.flagsAt(nested), false);
      }
    }
  }

  private void remount(Path place, String flags, boolean opened) {
    String options = opened || flags.isEmpty() ? "remount,bind,ro" : "remount,bind,ro," + flags;
    command(tools.mount(), "-n", "-o", options, place.toString());
  }

  private void flushBinds() throws IOException {
    if (pendingBinds.length() > 0) {
      String name = "fstab." + bindFiles++;
      evidence.writeFile(name, pendingBinds.toString());
      pendingBinds.setLength(0);
      command(tools.mount(), "-n", "-a", "-T", evidence.file(name).toString());
    }
  }

  private void command(String... words) {
    script.append(LaunchPlan.quote(List.of(words))).append(" || exit\n");
  }

  private Path placeOf(Path target) {
    return root.resolve(Path.of("/").relativize(target));
  }

  /** As getmntent(3) reads it back. */
  static String escape(Path path) {
    StringBuilder text = new StringBuilder();
    for (char c : path.toString().toCharArray()) {
      boolean special = c <= ' ' || c == '\\' || c == '#' || c == '"' || c == ',';
      text.append(special ? String.format("\\%03o", (int) c) : String.valueOf(c));
    }
    return text.toString();
  }

  /**
   * Does once what matters: a namespace, a mount in memory, a read-only remount, another root, and
   * the way out.
   *
   * @param directory empty
   */
  static boolean trial(MountTools tools, Path directory, List<String> enter, List<String> leave)
      throws IOException {
    String root = LaunchPlan.quote(Files.createDirectory(directory.resolve("root")).toString());
    String old = LaunchPlan.quote(Files.createDirectory(directory.resolve("old")).toString());
    String inside = LaunchPlan.quote(Files.createDirectory(directory.resolve("in")).toString());
    String mount = tools.mount();
    String script =
        String.join(
            " && ",
            mount + " -n --rbind / " + root,
            mount + " -n -t tmpfs windlass " + root + inside,
            mount + " -n -o remount,bind,ro " + root + inside,
            tools.pivotRoot() + " " + root + " " + root + old,
            "cd /",
            tools.umount() + " -n -l " + old,
            LaunchPlan.quote(leave)
                + " "
                + LaunchPlan.quote(
                    List.of(tools.sh(), "-c", "! true 2>/dev/null >" + inside + "/x")));
    List<String> command = new ArrayList<>(enter);
    command.addAll(List.of(tools.sh(), "-c", script));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    try {
      return process.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      process.destroyForcibly();
    }
  }
}
