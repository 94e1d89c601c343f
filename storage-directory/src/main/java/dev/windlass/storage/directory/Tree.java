package dev.windlass.storage.directory;

import dev.windlass.storage.StorageException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The directories below the root: finds them, makes them, and removes those that became empty. */
final class Tree {

  /** Bounds {@link #durable}; forgetting only costs another sync. */
  private static final int MAX_DURABLE = 10_000;

  /** With less left a file system is full: it does not give out its last block. */
  private static final long FULL_BYTES = 64 * 1024;

  private final Path root;
  private final Folder.Opener opener;
  private final Object identity;

  /** Directories whose names are known to survive a power cut, so that each is synced once. */
  private final Set<Object> durable = ConcurrentHashMap.newKeySet();

  /**
   * Below a directory that exists.
   *
   * @throws IOException if it cannot be opened
   */
  Tree(Path root, Folder.Opener opener) throws IOException {
    this.root = root;
    this.opener = opener;
    try (Folder folder = opener.open(root)) {
      this.identity = folder.id().key();
    }
  }

  /**
   * Opens the root.
   *
   * @throws RefusalException if it is gone or another directory. An unmounted disk must not look
   *     like a store whose objects were deleted
   */
  Folder openRoot() throws IOException {
    Folder folder;
    try {
      folder = opener.open(root);
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new RefusalException(Code.UNAVAILABLE, "the root " + root + " is gone");
    }
    try {
      if (folder.id().key().equals(identity)) {
        return folder;
      }
    } catch (IOException e) {
      folder.close();
      throw e;
    }
    folder.close();
    throw new RefusalException(
        Code.UNAVAILABLE,
        "the root " + root + " is not the directory it was; is a file system mounted there?");
  }

  /** The attributes of an entry if it is there under this very name. */
  static Optional<BasicFileAttributes> look(Folder folder, String name) throws IOException {
    Optional<BasicFileAttributes> found = folder.attributes(name);
    if (found.isPresent()) {
      FileNames.checkSpelling(folder, name, found.get());
    }
    return found;
  }

  /** Opens the folder at the end of some names; empty if there is none, or a link on the way. */
  Optional<Folder> find(List<String> names) throws IOException {
    Folder here = openRoot();
    for (String name : names) {
      try (Folder parent = here) {
        Optional<BasicFileAttributes> found = look(parent, name);
        if (found.isEmpty() || !found.get().isDirectory()) {
          return Optional.empty();
        }
        here = parent.openFolder(name);
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
    }
    return Optional.of(here);
  }

  /**
   * Opens the folder at the end of some names and makes what is missing of it.
   *
   * @throws NoSuchFileException if somebody removed a part of it meanwhile; worth another try
   * @throws RefusalException if there is a file or a link in the way
   */
  Folder make(List<String> names, UploadArea area) throws IOException {
    Folder here = openRoot();
    for (String name : names) {
      try (Folder parent = here) {
        here = makeChild(parent, name, area);
      }
    }
    return here;
  }

  private Folder makeChild(Folder parent, String name, UploadArea area) throws IOException {
    Optional<BasicFileAttributes> found = look(parent, name);
    if (found.isEmpty()) {
      area.makeFolder(parent, name);
      found = look(parent, name);
    }
    refuseUnlessFolder(name, found);
    Folder child = parent.openFolder(name);
    try {
      makeDurable(parent, child);
      return child;
    } catch (IOException e) {
      child.close();
      throw e;
    }
  }

  private static void refuseUnlessFolder(String name, Optional<BasicFileAttributes> found)
      throws RefusalException {
    if (found.isPresent() && !found.get().isDirectory()) {
      throw new RefusalException(
          Code.INVALID_NAME,
          "'"
              + name
              + "' is "
              + (found.get().isSymbolicLink() ? "a symbolic link" : "an object")
              + ", so it cannot be a folder");
    }
  }

  private void makeDurable(Folder parent, Folder child) throws IOException {
    Object key = child.id().key();
    if (!durable.contains(key)) {
      parent.sync();
      if (durable.size() >= MAX_DURABLE) {
        durable.clear();
      }
      durable.add(key);
    }
  }

  /**
   * Removes the folder at the end of some names and then its parents, as long as they are empty;
   * never the bucket. The system refuses to remove what a writer has just put something into.
   */
  void prune(List<String> names) throws IOException {
    List<String> here = names;
    while (here.size() > 1 && removeEmpty(here)) {
      here = here.subList(0, here.size() - 1);
    }
    Optional<Folder> survivor = find(here);
    if (survivor.isPresent()) {
      try (Folder folder = survivor.get()) {
        folder.sync();
      }
    }
  }

  private boolean removeEmpty(List<String> names) throws IOException {
    int last = names.size() - 1;
    Optional<Folder> parent = find(names.subList(0, last));
    if (parent.isEmpty()) {
      return true;
    }
    try (Folder folder = parent.get()) {
      folder.deleteFolder(names.get(last));
      // Its inode may come back as another directory.
      durable.clear();
      return true;
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      // Not empty, most likely. The object is deleted, which is what was asked for.
      return false;
    }
  }

  /**
   * Makes sure, before anything is uploaded, that an object can have its name.
   *
   * @throws RefusalException if it, or a folder on the way to it, is something else
   */
  void checkFree(List<String> names) throws IOException {
    for (int i = 0; i < names.size(); i++) {
      Optional<Folder> parent = find(names.subList(0, i));
      if (parent.isEmpty()) {
        return;
      }
      try (Folder folder = parent.get()) {
        if (i == names.size() - 1) {
          makeRoom(folder, names.get(i));
        } else {
          refuseUnlessFolder(names.get(i), look(folder, names.get(i)));
        }
      } catch (NoSuchFileException e) {
        // What was in the way vanished as we looked.
        return;
      }
    }
  }

  /** Removes what is no object in the place of an object, if it is a folder without any. */
  static void makeRoom(Folder folder, String name) throws IOException {
    Optional<BasicFileAttributes> there = look(folder, name);
    if (there.isPresent() && there.get().isDirectory()) {
      removeHollow(folder, name);
    } else if (there.isPresent() && !there.get().isRegularFile()) {
      throw new RefusalException(
          Code.INVALID_NAME, "'" + name + "' is neither a file nor a folder on disk");
    }
  }

  /** Removes a directory that holds nothing but empty directories; leaves what is not empty. */
  private static void removeHollow(Folder parent, String name) throws IOException {
    try (Folder folder = parent.openFolder(name)) {
      for (String child : folder.names()) {
        if (folder.attributes(child).filter(BasicFileAttributes::isDirectory).isEmpty()) {
          throw isFolder(name);
        }
        removeHollow(folder, child);
      }
    }
    try {
      parent.deleteFolder(name);
    } catch (NoSuchFileException e) {
      // Somebody else tidied up.
    } catch (IOException e) {
      // Somebody wrote into it since we looked.
      throw isFolder(name);
    }
  }

  private static RefusalException isFolder(String name) {
    return new RefusalException(
        Code.INVALID_NAME, "'" + name + "' is a folder, so it cannot be an object");
  }

  /**
   * The path at the end of some names, which need not exist.
   *
   * @throws RefusalException if a part of it that exists is a symbolic link
   */
  Path pathOf(List<String> names) throws IOException {
    Path path = root;
    for (int i = 0; i < names.size(); i++) {
      Optional<Folder> parent = find(names.subList(0, i));
      if (parent.isPresent()) {
        try (Folder folder = parent.get()) {
          refuseLink(folder, names.get(i));
        }
      }
      path = path.resolve(names.get(i));
    }
    return path;
  }

  private static void refuseLink(Folder folder, String name) throws IOException {
    if (look(folder, name).filter(BasicFileAttributes::isSymbolicLink).isPresent()) {
      throw new RefusalException(
          Code.INVALID_NAME, "'" + name + "' is a symbolic link, which may lead outside the root");
    }
  }

  /** Says whether the file system is full, as far as it can be known. */
  boolean isFull() {
    try {
      return Files.getFileStore(root).getUsableSpace() < FULL_BYTES;
    } catch (IOException e) {
      return false;
    }
  }
}
