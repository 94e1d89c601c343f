package dev.windlass.executor.local;

import dev.windlass.error.ErrorCode;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.Capability;
import dev.windlass.executor.ExecutorException;
import dev.windlass.executor.PathBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Gives an attempt a private mount namespace in which it sees its bindings.
 *
 * <p>The process that becomes the program enters the namespace by {@code unshare}, builds the tree
 * that {@link MountPlan} describes below an empty directory in its evidence, makes that its root,
 * and detaches the host's. The namespace, and with it every mount, ends with the last process in
 * it; the host never sees any of them.
 *
 * <p>An ordinary user needs a user namespace for that, in which it is root. Before the program it
 * is left behind for a second one, in which the program is the user it was. Root gives up the
 * capability by which the program could make read-only bindings writable again.
 */
final class Sandbox {

  /** How the namespace is had. */
  private enum Means {
    /** Not at all. */
    NONE,
    /** By the privileges of root. */
    ROOT,
    /** By a user namespace. */
    USER_NAMESPACE
  }

  private final Means means;
  private final MountTools tools;
  private final List<String> enter;
  private final List<String> leave;

  private Sandbox(Means means, MountTools tools, List<String> enter, List<String> leave) {
    this.means = means;
    this.tools = tools;
    this.enter = enter;
    this.leave = leave;
  }

  static Sandbox none() {
    return new Sandbox(Means.NONE, MountTools.absent(), List.of(), List.of());
  }

  /** Tries what this host permits, and leaves nothing behind. */
  static Sandbox probe() {
    Optional<MountTools> found = MountTools.find();
    if (found.isEmpty()) {
      return none();
    }
    MountTools tools = found.get();
    String unshare = tools.unshare();
    Sandbox asRoot =
        new Sandbox(
            Means.ROOT,
            tools,
            List.of(unshare, "-m"),
            tools
                .setpriv()
                .map(tool -> List.of(tool, "--inh-caps=-sys_admin", "--bounding-set=-sys_admin"))
                .orElse(List.of()));
    if (asRoot.works()) {
      return asRoot;
    }
    Sandbox asUser =
        new Sandbox(
            Means.USER_NAMESPACE,
            tools,
            List.of(unshare, "-U", "-r", "-m"),
            // Of util-linux 2.34 and 2.38; the ids are those of the owner of our own process.
            List.of(unshare, "-U", "--map-user=" + own("uid"), "--map-group=" + own("gid")));
    return asUser.works() ? asUser : none();
  }

  Set<Capability> capabilities() {
    return means == Means.NONE
        ? EnumSet.noneOf(Capability.class)
        : EnumSet.of(Capability.ABSOLUTE_PATHS, Capability.READ_ONLY_BINDINGS);
  }

  /**
   * Writes down how the bindings of an attempt are made.
   *
   * @return the end of its setup fragment, which enters the namespace; empty if it has no bindings
   * @throws ExecutorException if they cannot be made
   */
  String prepare(AttemptSpec spec, Evidence evidence, Launcher launcher) throws IOException {
    if (spec.bindings().isEmpty()) {
      return "";
    }
    if (means == Means.NONE) {
      linkInstead(spec);
      return "";
    }
    Files.createDirectory(evidence.file("root"));
    Files.createDirectory(evidence.file("old"));
    MountScript script = new MountScript(tools, evidence, MountTable.read(), means == Means.ROOT);
    String again = LaunchPlan.quote(begin(launcher, evidence));
    evidence.writeFile(
        "bindings",
        script.render(plan(spec, evidence, launcher))
            + ("cd " + LaunchPlan.quote(spec.workDirectory().toString()) + " || exit\n")
            + (leavesBehind(spec)
                ? "exec " + LaunchPlan.quote(leave) + " " + again + " run\n"
                : ""));
    return "_windlass_step=bindings\nexec " + LaunchPlan.quote(enter) + " " + again + " enter\n";
  }

  private boolean leavesBehind(AttemptSpec spec) {
    boolean guards = spec.bindings().stream().anyMatch(PathBinding::readOnly);
    return !leave.isEmpty() && (guards || means == Means.USER_NAMESPACE);
  }

  private static List<String> begin(Launcher launcher, Evidence evidence) {
    return List.of(
        launcher.sh().toString(), launcher.begin().toString(), evidence.directory().toString());
  }

  private static MountPlan plan(AttemptSpec spec, Evidence evidence, Launcher launcher)
      throws IOException {
    MountPlan plan = new MountPlan();
    try {
      for (PathBinding binding : spec.bindings()) {
        Path target = Path.of(binding.program());
        if (target.isAbsolute()) {
          plan.bind(target, binding.host(), binding.readOnly());
        }
      }
      plan.reveal(spec.directory());
      plan.reveal(evidence.directory());
      plan.reveal(launcher.scripts());
      for (PathBinding binding : spec.bindings()) {
        Path target = spec.workDirectory().resolve(binding.program());
        if (!Path.of(binding.program()).isAbsolute()) {
          makeMountPoint(target, Files.isDirectory(binding.host()));
          plan.bind(target, binding.host(), binding.readOnly());
        }
      }
      return plan;
    } catch (IOException e) {
      throw new ExecutorException(
          ErrorCode.UNSUPPORTED, spec.id(), "attempt " + spec.id() + ": " + e.getMessage(), e);
    }
  }

  private static void makeMountPoint(Path target, boolean directory) throws IOException {
    if (Files.exists(target)) {
      return;
    }
    Files.createDirectories(directory ? target : target.getParent());
    if (!directory) {
      Files.createFile(target);
    }
  }

  /** Without a namespace only writable bindings below the working directory get here. */
  private static void linkInstead(AttemptSpec spec) throws IOException {
    for (PathBinding binding : spec.bindings()) {
      Path link = spec.workDirectory().resolve(binding.program());
      Files.createDirectories(link.getParent());
      Files.createSymbolicLink(link, binding.host());
    }
  }

  /** Makes a read-only binding in a namespace and tries to write there. */
  private boolean works() {
    try {
      Path directory = Files.createTempDirectory("windlass-probe");
      try {
        return MountScript.trial(tools, directory, enter, leave);
      } finally {
        Trees.delete(directory);
      }
    } catch (IOException e) {
      return false;
    }
  }

  private static String own(String id) {
    try {
      Map<String, Object> ids = Files.readAttributes(Path.of("/proc/self/"), "unix:uid,gid");
      return String.valueOf(ids.get(id));
    } catch (IOException e) {
      return "0";
    }
  }
}
