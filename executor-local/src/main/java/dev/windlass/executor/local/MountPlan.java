package dev.windlass.executor.local;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which mounts make a tree of files in which everything is as on the host, but for the bindings of
 * an attempt.
 *
 * <p>Nothing may be made on the host, not even an empty directory as a mount point. So where a
 * binding's path does not exist, the deepest directory above it that does is <em>opened</em>: an
 * empty file system in memory takes its place in the new tree, each of its entries is bound into
 * that, and the missing path is made beside them.
 *
 * <pre>
 *   binding  /data/in -&gt; /store/x       the host has no /data, so / is opened:
 *
 *     /            in memory
 *     /bin         link, as on the host
 *     /usr         the host's /usr
 *     ...          every other entry of /
 *     /data/in     /store/x
 * </pre>
 *
 * <p>The plan is a set of <em>layers</em>, each with the path at which it is mounted. A path is
 * what the layer with the longest matching path makes of it. A later binding hides what it covers.
 */
final class MountPlan {

  /** More entries than this are not bound one by one. */
  private static final int MAX_ENTRIES = 4_000;

  /** Linux: MAXSYMLINKS. */
  private static final int MAX_LINKS = 40;

  /**
   * Something mounted.
   *
   * @param host what of the host is seen here; for an opened directory, the directory it replaces
   * @param opened true for a file system in memory
   * @param readOnly true if nothing in it can be changed
   * @param directory true if it is a directory
   * @param entry true for an entry of an opened directory, which may vanish before it is mounted
   */
  record Layer(Path host, boolean opened, boolean readOnly, boolean directory, boolean entry) {}

  private static final Path ROOT = Path.of("/");

  private final Map<Path, Layer> layers = new TreeMap<>();
  private final Map<Path, Path> links = new TreeMap<>();

  MountPlan() {
    layers.put(ROOT, new Layer(ROOT, false, false, true, false));
  }

  /** In the order in which they can be mounted: what lies above comes first. */
  List<Map.Entry<Path, Layer>> layers() {
    List<Map.Entry<Path, Layer>> sorted = new ArrayList<>(layers.entrySet());
    sorted.sort(Comparator.comparingInt(entry -> entry.getKey().getNameCount()));
    return sorted;
  }

  /** Symbolic links to be made in opened directories: where, and what they hold. */
  Map<Path, Path> links() {
    return links;
  }

  boolean hasLayerAt(Path path) {
    return layers.containsKey(path);
  }

  /**
   * Adds a binding.
   *
   * @param program absolute path at which it is seen
   * @param host what is seen
   * @throws IOException with a message for the user, if it cannot be bound there
   */
  void bind(Path program, Path host, boolean readOnly) throws IOException {
    Path target = resolveLinks(program);
    if (Requirements.isReserved(target)) {
      throw new IOException(program + " leads to " + target + ", which is reserved");
    }
    Layer layer = new Layer(host, false, readOnly, Files.isDirectory(host), false);
    if (exists(target)) {
      if (isDirectory(target) != layer.directory()) {
        throw new IOException(
            program
                + " is "
                + kind(!layer.directory())
                + " and cannot show "
                + kind(layer.directory()));
      }
    } else {
      open(deepestExisting(target));
    }
    layers.keySet().removeIf(path -> path.startsWith(target));
    links.keySet().removeIf(path -> path.startsWith(target));
    layers.put(target, layer);
  }

  /** Makes sure that a path of the host is seen at its own place. */
  void reveal(Path path) throws IOException {
    Optional<Path> seen = hostPath(resolveLinks(path));
    if (seen.isEmpty() || !Files.exists(seen.get()) || !Files.isSameFile(seen.get(), path)) {
      bind(path, path, false);
    }
  }

  /** Where a path leads with all links followed, as far as it exists. */
  Path resolveLinks(Path program) throws IOException {
    Path resolved = ROOT;
    Path rest = ROOT.relativize(program.normalize());
    for (int followed = 0; followed <= MAX_LINKS; followed++) {
      boolean again = false;
      for (int i = 0; i < rest.getNameCount() && !again; i++) {
        Path next = resolved.resolve(rest.getName(i));
        Optional<Path> link = linkAt(next);
        if (link.isPresent()) {
          Path target = resolved.resolve(link.get());
          for (int j = i + 1; j < rest.getNameCount(); j++) {
            target = target.resolve(rest.getName(j));
          }
          rest = ROOT.relativize(target.normalize());
          resolved = ROOT;
          again = true;
        } else {
          resolved = next;
        }
      }
      if (!again) {
        return resolved.normalize();
      }
    }
    throw new IOException(program + " leads through too many symbolic links");
  }

  private void open(Path target) throws IOException {
    Layer layer = layerAround(target);
    if (layer.opened()) {
      return;
    }
    if (!isDirectory(target)) {
      throw new IOException(target + " is not a directory, so nothing can be bound below it");
    }
    Path host = hostPath(target).orElseThrow();
    layers.put(target, new Layer(host, true, layer.readOnly(), true, false));
    int count = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(host)) {
      for (Path entry : entries) {
        Path place = target.resolve(entry.getFileName());
        if (++count > MAX_ENTRIES) {
          throw new IOException(
              target + " has too many entries for a binding below it; bind to another place");
        }
        if (Files.isSymbolicLink(entry)) {
          links.put(place, Files.readSymbolicLink(entry));
        } else {
          layers.putIfAbsent(
              place, new Layer(entry, false, layer.readOnly(), Files.isDirectory(entry), true));
        }
      }
    }
  }

  private Path deepestExisting(Path target) {
    Path path = target;
    while (!exists(path)) {
      path = parentOf(path);
    }
    return path;
  }

  private boolean exists(Path path) {
    return hostPath(path).map(Files::exists).orElseGet(() -> isMade(path));
  }

  private boolean isDirectory(Path path) {
    return hostPath(path).map(Files::isDirectory).orElseGet(() -> isMade(path));
  }

  /** True for an opened directory, and for the directories between it and a mount point in it. */
  private boolean isMade(Path path) {
    return layers.keySet().stream().anyMatch(layer -> layer.startsWith(path));
  }

  private Optional<Path> linkAt(Path path) throws IOException {
    Path made = links.get(path);
    if (made != null) {
      return Optional.of(made);
    }
    Optional<Path> host = layers.containsKey(path) ? Optional.empty() : hostPath(path);
    return host.filter(Files::isSymbolicLink).isPresent()
        ? Optional.of(Files.readSymbolicLink(host.get()))
        : Optional.empty();
  }

  /** What of the host is seen at a path; empty within an opened directory. */
  private Optional<Path> hostPath(Path path) {
    Layer layer = layerAround(path);
    return layer.opened()
        ? Optional.empty()
        : Optional.of(layer.host().resolve(layerPath(path).relativize(path)).normalize());
  }

  private Path layerPath(Path path) {
    Path candidate = path;
    while (!layers.containsKey(candidate)) {
      candidate = parentOf(candidate);
    }
    return candidate;
  }

  private Layer layerAround(Path path) {
    return Objects.requireNonNull(layers.get(layerPath(path)));
  }

  /** Everything ends at the root, which always has a layer. */
  static Path parentOf(Path path) {
    return Objects.requireNonNullElse(path.getParent(), ROOT);
  }

  private static String kind(boolean directory) {
    return directory ? "a directory" : "a file";
  }
}
