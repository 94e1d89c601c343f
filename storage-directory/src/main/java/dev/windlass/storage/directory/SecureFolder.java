package dev.windlass.storage.directory;

import dev.windlass.storage.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A directory by its descriptor: every operation is relative to it ({@code openat} and its kin).
 */
final class SecureFolder implements Folder {

  /** How often a file is looked at that is replaced each time, before we give up. */
  private static final int LOOKS = 1_000;

  private static final Path SELF = Path.of(".");

  private final Path path;
  private final SecureDirectoryStream<Path> stream;

  SecureFolder(Path path, SecureDirectoryStream<Path> stream) {
    this.path = path;
    this.stream = stream;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public FolderId id() throws IOException {
    return FolderId.of(
        stream.getFileAttributeView(BasicFileAttributeView.class).readAttributes(), path);
  }

  @Override
  public Optional<BasicFileAttributes> attributes(String name) throws IOException {
    try {
      return Optional.of(view(name).readAttributes());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>The time of change can be had by path only. So we look twice, here and by path, and believe
   * the second look if it saw the same file.
   */
  @Override
  public Optional<FileState> state(String name) throws IOException {
    for (int look = 0; look < LOOKS; look++) {
      Optional<BasicFileAttributes> here = attributes(name);
      if (here.isEmpty() || !here.get().isRegularFile()) {
        return Optional.empty();
      }
      Optional<FileState> byPath = stateByPath(name);
      if (byPath.isPresent() && Objects.equals(byPath.get().file(), here.get().fileKey())) {
        return byPath;
      }
    }
    throw new RefusalException(
        StorageException.Code.UNAVAILABLE,
        "the file is being replaced all the time, or its folder was moved");
  }

  private Optional<FileState> stateByPath(String name) throws IOException {
    try {
      return Optional.of(FileState.read(path.resolve(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public Set<String> names() throws IOException {
    // A stream can be read once only, and this one has to last.
    try (DirectoryStream<Path> entries = stream.newDirectoryStream(SELF)) {
      return namesOf(entries);
    }
  }

  /** The names in a listing of a directory. */
  static Set<String> namesOf(DirectoryStream<Path> entries) throws IOException {
    Set<String> names = new HashSet<>();
    try {
      for (Path entry : entries) {
        names.add(FileNames.decode(entry));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  @Override
  public Folder openFolder(String name) throws IOException {
    try {
      return new SecureFolder(
          path.resolve(name), stream.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS));
    } catch (FileSystemException e) {
      throw asVanished(e);
    }
  }

  /**
   * What the caller saw a moment ago is a link or a file by now: then what it saw is gone. The JDK
   * has no exception for a link that was not followed, but a text of its own in every language.
   */
  private static FileSystemException asVanished(FileSystemException e) {
    boolean link = String.valueOf(e.getReason()).contains("attributes of symbolic link");
    return link || e instanceof NotDirectoryException ? new NoSuchFileException(e.getFile()) : e;
  }

  @Override
  public FileChannel openFile(String name, Set<? extends OpenOption> options) throws IOException {
    return open(Path.of(name), options);
  }

  private FileChannel open(Path name, Set<? extends OpenOption> options) throws IOException {
    Set<OpenOption> all = new HashSet<>(options);
    all.add(LinkOption.NOFOLLOW_LINKS);
    // The JDK's secure streams return file channels; SecureDirectoryStream just does not say so.
    try {
      return (FileChannel) stream.newByteChannel(name, all);
    } catch (FileSystemException e) {
      throw asVanished(e);
    }
  }

  @Override
  public void setModified(String name, FileTime time) throws IOException {
    view(name).setTimes(time, null, null);
  }

  @Override
  public void deleteFile(String name) throws IOException {
    stream.deleteFile(Path.of(name));
  }

  @Override
  public void deleteFolder(String name) throws IOException {
    stream.deleteDirectory(Path.of(name));
  }

  @Override
  public void rename(String name, Folder target, String targetName) throws IOException {
    stream.move(Path.of(name), ((SecureFolder) target).stream, Path.of(targetName));
  }

  @Override
  public void sync() throws IOException {
    try (FileChannel self = open(SELF, Set.of(StandardOpenOption.READ))) {
      self.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  private BasicFileAttributeView view(String name) {
    return stream.getFileAttributeView(
        Path.of(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }
}
