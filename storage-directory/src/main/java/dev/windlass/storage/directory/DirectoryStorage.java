package dev.windlass.storage.directory;

import dev.windlass.storage.ObjectInfo;
import dev.windlass.storage.ObjectPage;
import dev.windlass.storage.ObjectUpload;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StorageException.Code;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A storage on a directory of this host: {@code scheme://bucket/key} is the file {@code bucket/key}
 * below its root, whatever the scheme.
 *
 * <pre>{@code
 * try (Storage storage = DirectoryStorage.at(Path.of("/srv/store"))) {
 *   ...
 * }
 * }</pre>
 *
 * <h2>What it adds to the contract</h2>
 *
 * <ul>
 *   <li>Several storages, also of several processes, may work on one root at once.
 *   <li>Only regular files are objects. Symbolic links below the root are never followed, wherever
 *       they lead, and are no objects; nor are pipes, sockets and devices. A key through a link
 *       cannot be written, and {@link #localPath} refuses it.
 *   <li>A part of a key has at most 255 bytes. An object and a folder of one name exclude each
 *       other.
 *   <li>{@link #list} refuses with {@code INVALID_NAME} where it meets a file that no key can name
 *       (a control character, bytes that are no text). What it left out, a job would never miss.
 *   <li>When {@link ObjectUpload#commit} and {@link #delete} return, the effect is on the disk.
 *   <li>Files that another program changes in place change under a reader, too. A reader then fails
 *       if its file became shorter.
 *   <li>{@link #localPath} always offers a path.
 * </ul>
 *
 * <h2>What it leaves on the disk</h2>
 *
 * <p>A storage that only reads writes nothing and works on a read-only file system. Uploads wait in
 * {@code .windlass-uploads} below the root until their commit; what a crashed process left there is
 * removed when a storage is opened on the root. New files and folders have the permissions that the
 * process's umask gives them.
 */
public final class DirectoryStorage implements Storage {

  private static final int MAX_LIMIT = 10_000;

  private final Tree tree;
  private final Object areaLock = new Object();
  private @Nullable UploadArea area;
  private volatile boolean closed;

  private DirectoryStorage(Tree tree) {
    this.tree = tree;
  }

  /**
   * Opens a storage on a directory.
   *
   * @param root an existing directory; links on the way to it are followed, once, now
   * @return the storage
   * @throws IllegalArgumentException if the root is not a directory. It is not made: a root that is
   *     missing is more often a file system not mounted than a store without objects
   * @throws UncheckedIOException if the root cannot be read
   */
  public static DirectoryStorage at(Path root) {
    return at(root, Folder::open);
  }

  static DirectoryStorage at(Path root, Folder.Opener opener) {
    if (!Files.isDirectory(root)) {
      throw new IllegalArgumentException(
          "the root " + root.toAbsolutePath() + " is not a directory; make it first");
    }
    try {
      Tree tree = new Tree(root.toRealPath(), opener);
      sweep(tree);
      return new DirectoryStorage(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sweep(Tree tree) {
    try {
      UploadArea.sweep(tree);
    } catch (IOException e) {
      // Left to whoever may: reading must work also where we may not delete.
    }
  }

  @Override
  public Optional<ObjectInfo> stat(StoreUri object) {
    checkObject(object);
    return answer(object, () -> state(object).map(state -> state.describe(object)));
  }

  private Optional<FileState> state(StoreUri object) throws IOException {
    List<String> names = FileNames.of(object);
    Optional<Folder> parent = tree.find(parentOf(names));
    if (parent.isEmpty()) {
      return Optional.empty();
    }
    try (Folder folder = parent.get()) {
      return Tree.look(folder, nameOf(names)).isEmpty()
          ? Optional.empty()
          : folder.state(nameOf(names));
    }
  }

  @Override
  public ObjectPage list(StoreUri folder, Optional<String> after, int limit) {
    checkOpen();
    if (!folder.isFolder()) {
      throw new IllegalArgumentException(folder + " names an object, not a folder");
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT + ", was " + limit);
    }
    Optional<String> afterKey = after.map(marker -> Marker.read(folder, marker));
    return answer(folder, () -> page(folder, afterKey, limit));
  }

  private ObjectPage page(StoreUri uri, Optional<String> after, int limit) throws IOException {
    Optional<Folder> start = tree.find(FileNames.of(uri));
    if (start.isEmpty()) {
      return new ObjectPage(List.of(), Optional.empty());
    }
    try (Folder folder = start.get()) {
      return new Listing(uri, after, limit).page(folder);
    }
  }

  @Override
  public InputStream read(StoreUri object, long offset) {
    checkObject(object);
    if (offset < 0) {
      throw new IllegalArgumentException("offset must be at least 0, was " + offset);
    }
    return answer(object, () -> open(object, offset));
  }

  private InputStream open(StoreUri object, long offset) throws IOException {
    List<String> names = FileNames.of(object);
    Optional<Folder> parent = tree.find(parentOf(names));
    if (parent.isEmpty()) {
      throw notFound();
    }
    try (Folder folder = parent.get()) {
      // Looked at before it is opened, because opening a pipe would block.
      if (Tree.look(folder, nameOf(names)).filter(BasicFileAttributes::isRegularFile).isEmpty()) {
        throw notFound();
      }
      return open(folder.openFile(nameOf(names), Set.of(StandardOpenOption.READ)), offset);
    } catch (NoSuchFileException e) {
      throw notFound();
    }
  }

  private static InputStream open(FileChannel channel, long offset) throws IOException {
    try {
      long size = channel.size();
      if (offset > size) {
        throw new IllegalArgumentException("offset " + offset + " is beyond the end, " + size);
      }
      return new ObjectStream(channel, size, offset);
    } catch (IOException | IllegalArgumentException e) {
      channel.close();
      throw e;
    }
  }

  private static RefusalException notFound() {
    return new RefusalException(Code.NOT_FOUND, "no such object (links are not followed)");
  }

  @Override
  public ObjectUpload write(StoreUri object) {
    checkObject(object);
    try {
      List<String> names = FileNames.of(object);
      tree.checkFree(names);
      return new DirectoryUpload(object, names, tree, area());
    } catch (IOException e) {
      throw Failures.ofWrite(object, e, tree.isFull());
    }
  }

  private UploadArea area() throws IOException {
    synchronized (areaLock) {
      checkOpen();
      UploadArea current = area;
      if (current == null) {
        current = UploadArea.open(tree);
        area = current;
      }
      return current;
    }
  }

  @Override
  public void delete(StoreUri object) {
    checkObject(object);
    answer(object, () -> remove(FileNames.of(object)));
  }

  private boolean remove(List<String> names) throws IOException {
    Optional<Folder> parent = tree.find(parentOf(names));
    if (parent.isEmpty()) {
      return false;
    }
    try (Folder folder = parent.get()) {
      if (Tree.look(folder, nameOf(names)).filter(BasicFileAttributes::isRegularFile).isEmpty()) {
        return false;
      }
      folder.deleteFile(nameOf(names));
    } catch (NoSuchFileException e) {
      return false;
    }
    tree.prune(parentOf(names));
    return true;
  }

  @Override
  public Optional<Path> localPath(StoreUri uri) {
    checkOpen();
    return answer(uri, () -> Optional.of(tree.pathOf(FileNames.of(uri))));
  }

  @Override
  public void close() {
    synchronized (areaLock) {
      closed = true;
      if (area != null) {
        try {
          area.close();
        } catch (IOException e) {
          // What is left is swept when the next storage is opened here.
        }
        area = null;
      }
    }
  }

  private void checkObject(StoreUri uri) {
    checkOpen();
    if (uri.isFolder()) {
      throw new IllegalArgumentException(uri + " names a folder, not an object");
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the storage is closed");
    }
  }

  private static List<String> parentOf(List<String> names) {
    return names.subList(0, names.size() - 1);
  }

  private static String nameOf(List<String> names) {
    return Objects.requireNonNull(names.get(names.size() - 1));
  }

  private static <T> T answer(StoreUri uri, Question<T> question) {
    try {
      return question.ask();
    } catch (IOException e) {
      throw Failures.of(uri, e);
    }
  }

  /** Something to ask the file system. */
  private interface Question<T> {
    T ask() throws IOException;
  }
}
