package dev.windlass.storage.directory;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.Set;

/**
 * An open directory. All operations take the name of a direct entry and never follow a symbolic
 * link.
 *
 * <p>The point of holding a directory open rather than remembering its path: whoever swaps one of
 * its parents for a symbolic link while we work cannot lead us elsewhere. Where the platform has no
 * such directories (Windows, some macOS), {@link PathFolder} checks each step instead, which leaves
 * a short moment between the check and the use.
 */
interface Folder extends Closeable {

  /** How often a rename is tried that fails although nothing is in the way. */
  int RENAMES = 3;

  /** How to open a directory: {@link #open}, except in tests. */
  interface Opener {
    Folder open(Path directory) throws IOException;
  }

  /** Opens a directory that is trusted: links on the way to it are followed. */
  @SuppressWarnings("StreamResourceLeak") // The folder closes it.
  static Folder open(Path directory) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return new SecureFolder(directory, secure);
    }
    stream.close();
    return new PathFolder(directory);
  }

  /** Where it was when it was opened. */
  Path path();

  /** What tells this directory from every other one, also from another at the same path. */
  FolderId id() throws IOException;

  /**
   * The attributes of an entry, of the link itself if it is one; empty if there is no such entry.
   */
  Optional<BasicFileAttributes> attributes(String name) throws IOException;

  /**
   * Like {@link #attributes}, with all that tells two contents apart; empty unless a regular file.
   */
  Optional<FileState> state(String name) throws IOException;

  /** The names of all entries, in no order, each once. */
  Set<String> names() throws IOException;

  /**
   * Opens a directory in this one. The caller has made sure that it is one: opening a pipe would
   * block.
   *
   * @throws java.nio.file.NoSuchFileException if it is gone, or something else by now
   */
  Folder openFolder(String name) throws IOException;

  /** Opens a file in this directory. The caller has made sure that it is none that blocks. */
  FileChannel openFile(String name, Set<? extends OpenOption> options) throws IOException;

  /** Sets when a file was modified last. */
  void setModified(String name, FileTime time) throws IOException;

  /** Removes a file. */
  void deleteFile(String name) throws IOException;

  /** Removes an empty directory. */
  void deleteFolder(String name) throws IOException;

  /**
   * Renames an entry into a folder of the same file system, in place of a file or an empty folder
   * of its kind.
   *
   * @throws FileAlreadyExistsException if something of another kind, or not empty, has that name
   * @throws java.nio.file.NoSuchFileException if the entry or the folder is gone
   */
  default void move(String name, Folder target, String targetName) throws IOException {
    for (int i = 1; true; i++) {
      try {
        rename(name, target, targetName);
        return;
      } catch (NoSuchFileException | AccessDeniedException e) {
        throw e;
      } catch (FileSystemException e) {
        // The JDK does not say what is wrong, so we look what is in the way.
        if (target.attributes(targetName).isPresent()) {
          throw new FileAlreadyExistsException(targetName);
        }
        // Perhaps it was in the way a moment ago.
        if (i == RENAMES) {
          throw e;
        }
      }
    }
  }

  /** The plain system call. */
  void rename(String name, Folder target, String targetName) throws IOException;

  /** Makes names that came and went here survive a power cut. */
  void sync() throws IOException;
}
