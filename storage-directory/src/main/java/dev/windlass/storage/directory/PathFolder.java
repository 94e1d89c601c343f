package dev.windlass.storage.directory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A directory by its path, for platforms where a directory cannot be held open. */
final class PathFolder implements Folder {

  private final Path path;

  PathFolder(Path path) {
    this.path = path;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public FolderId id() throws IOException {
    return FolderId.of(read(path), path);
  }

  @Override
  public Optional<BasicFileAttributes> attributes(String name) throws IOException {
    try {
      return Optional.of(read(path.resolve(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<FileState> state(String name) throws IOException {
    Optional<BasicFileAttributes> attributes = attributes(name);
    if (attributes.isEmpty() || !attributes.get().isRegularFile()) {
      return Optional.empty();
    }
    try {
      return Optional.of(FileState.read(path.resolve(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public Set<String> names() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      return SecureFolder.namesOf(entries);
    }
  }

  @Override
  public Folder openFolder(String name) throws IOException {
    Path child = path.resolve(name);
    if (!read(child).isDirectory()) {
      throw new NoSuchFileException(child.toString());
    }
    return new PathFolder(child);
  }

  @Override
  public FileChannel openFile(String name, Set<? extends OpenOption> options) throws IOException {
    Set<OpenOption> all = new HashSet<>(options);
    all.add(LinkOption.NOFOLLOW_LINKS);
    return FileChannel.open(path.resolve(name), all);
  }

  @Override
  public void setModified(String name, FileTime time) throws IOException {
    Files.setLastModifiedTime(path.resolve(name), time);
  }

  @Override
  public void deleteFile(String name) throws IOException {
    Files.delete(path.resolve(name));
  }

  @Override
  public void deleteFolder(String name) throws IOException {
    Files.delete(path.resolve(name));
  }

  @Override
  public void rename(String name, Folder target, String targetName) throws IOException {
    Files.move(
        path.resolve(name), target.path().resolve(targetName), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void sync() throws IOException {
    try (FileChannel self = FileChannel.open(path, StandardOpenOption.READ)) {
      self.force(true);
    } catch (AccessDeniedException e) {
      // Windows opens no directories; there the file system keeps names without being asked.
      if (Files.isReadable(path)) {
        return;
      }
      throw e;
    }
  }

  @Override
  public void close() {}

  private static BasicFileAttributes read(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
