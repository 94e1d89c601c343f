package dev.windlass.storage.directory;

import dev.windlass.storage.StorageException.Code;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where objects and folders wait before they are renamed to their places.
 *
 * <p>Each storage that writes has a <em>session</em>: a directory {@code .windlass-uploads/ID} and
 * beside it a file {@code ID.lock}, locked from before the directory is made until after it is
 * removed. The system drops the lock when the process dies. So what has no locked file is a crashed
 * writer's and may be swept, whatever host or container it was in; no clock and no process id is
 * asked.
 *
 * <p>One trap: on POSIX, closing <em>any</em> channel of a locked file frees all locks that this
 * process has on it. So a process must never open the lock file of a session of its own. An ID
 * therefore begins with what identifies the process, and {@link #sweep} passes over its own.
 */
final class UploadArea implements Closeable {

  /** Directly below the root. No bucket has this name: a bucket starts with a letter or a digit. */
  static final String NAME = ".windlass-uploads";

  private static final String LOCK = ".lock";

  /** How often a new session is begun anew because a sweeper was faster. */
  private static final int TRIES = 100;

  private static final String PROCESS =
      ProcessHandle.current().pid()
          + "-"
          + ProcessHandle.current().info().startInstant().map(Instant::toEpochMilli).orElse(0L)
          + "-";

  private final Folder parent;
  private final Folder session;
  private final FileChannel lock;
  private final String id;
  private final AtomicLong names = new AtomicLong();
  private volatile boolean closed;

  private UploadArea(Folder parent, Folder session, FileChannel lock, String id) {
    this.parent = parent;
    this.session = session;
    this.lock = lock;
    this.id = id;
  }

  /** Begins a session. */
  static UploadArea open(Tree tree) throws IOException {
    Folder parent = openParent(tree);
    try {
      for (int i = 0; i < TRIES; i++) {
        String id = PROCESS + UUID.randomUUID();
        Optional<FileChannel> lock = lockNew(parent, id);
        if (lock.isPresent()) {
          Files.createDirectory(parent.path().resolve(id));
          return new UploadArea(parent, parent.openFolder(id), lock.get(), id);
        }
      }
      throw new RefusalException(Code.UNAVAILABLE, "cannot keep a lock in " + parent.path());
    } catch (IOException e) {
      parent.close();
      throw e;
    }
  }

  private static Folder openParent(Tree tree) throws IOException {
    try (Folder root = tree.openRoot()) {
      if (root.attributes(NAME).isEmpty()) {
        createUnlessThere(root);
      }
      return openParent(root);
    }
  }

  private static void createUnlessThere(Folder root) throws IOException {
    try {
      Files.createDirectory(root.path().resolve(NAME));
    } catch (FileAlreadyExistsException e) {
      // Another storage was faster.
    }
  }

  private static Folder openParent(Folder root) throws IOException {
    if (root.attributes(NAME).filter(BasicFileAttributes::isDirectory).isEmpty()) {
      throw new RefusalException(Code.FAILED, root.path().resolve(NAME) + " is not a directory");
    }
    return root.openFolder(NAME);
  }

  /** Empty if a sweeper took the file between its creation and its lock. */
  private static Optional<FileChannel> lockNew(Folder parent, String id) throws IOException {
    String name = id + LOCK;
    FileChannel channel =
        parent.openFile(name, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    try {
      if (channel.tryLock() != null && parent.attributes(name).isPresent()) {
        return Optional.of(channel);
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return Optional.empty();
  }

  /** The session's directory. */
  Folder folder() {
    if (closed) {
      throw new IllegalStateException("the storage is closed");
    }
    return session;
  }

  /** A file name that nobody else uses. */
  String newName() {
    return Long.toHexString(names.incrementAndGet());
  }

  /**
   * Makes a folder. It is made here and moved, because the JDK can move but not make a directory
   * relative to an open one, and a path might lead elsewhere by now.
   */
  void makeFolder(Folder target, String targetName) throws IOException {
    String name = newName();
    Files.createDirectory(session.path().resolve(name));
    try {
      session.move(name, target, targetName);
    } catch (FileAlreadyExistsException e) {
      // Another writer made it first and has put something into it.
      session.deleteFolder(name);
    } catch (IOException e) {
      session.deleteFolder(name);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try (parent;
        session;
        lock) {
      remove(parent, id);
      parent.deleteFile(id + LOCK);
    }
  }

  /** Removes what crashed writers have left behind. */
  static void sweep(Tree tree) throws IOException {
    try (Folder root = tree.openRoot()) {
      if (root.attributes(NAME).isEmpty()) {
        return;
      }
      try (Folder area = openParent(root)) {
        for (String name : area.names()) {
          sweepSession(area, name.endsWith(LOCK) ? name.substring(0, name.length() - 5) : name);
        }
      }
    }
  }

  private static void sweepSession(Folder area, String id) throws IOException {
    if (id.startsWith(PROCESS)) {
      return;
    }
    try (FileChannel channel = area.openFile(id + LOCK, Set.of(StandardOpenOption.WRITE));
        FileLock taken = channel.tryLock()) {
      if (taken != null) {
        remove(area, id);
        area.deleteFile(id + LOCK);
      }
    } catch (OverlappingFileLockException e) {
      // A session of this process after all.
    } catch (NoSuchFileException e) {
      // The lock goes last: what is left without one belongs to nobody.
      remove(area, id);
    }
  }

  private static void remove(Folder parent, String name) throws IOException {
    Optional<BasicFileAttributes> found = parent.attributes(name);
    if (found.isEmpty()) {
      return;
    }
    if (!found.get().isDirectory()) {
      parent.deleteFile(name);
      return;
    }
    try (Folder folder = parent.openFolder(name)) {
      for (String child : folder.names()) {
        remove(folder, child);
      }
    }
    parent.deleteFolder(name);
  }
}
