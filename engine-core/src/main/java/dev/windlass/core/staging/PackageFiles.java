package dev.windlass.core.staging;

import dev.windlass.storage.StoreUri;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Brings a program package into a working directory: a {@code .tar.gz} is unpacked, any other
 * object is a single script that is copied and made executable (reference, section 2.4).
 *
 * <p>An archive is somebody else's text: entries that are absolute, lead outside with {@code ..},
 * or lie behind a link are refused by name, and so are links that point outside, and devices.
 */
final class PackageFiles {
  private final Storages storages;

  PackageFiles(Storages storages) {
    this.storages = storages;
  }

  void stage(StoreUri uri, Path directory) throws IOException, StagingException {
    String name = uri.name();
    if (name.endsWith(".tar.gz") || name.endsWith(".tgz")) {
      try (InputStream in = storages.of(uri).read(uri, 0);
          TarArchiveInputStream tar = new TarArchiveInputStream(gunzip(in))) {
        unpack(uri, tar, directory);
      }
    } else {
      Path script = directory.resolve(name);
      storages.download(uri, script);
      makeExecutable(script);
    }
  }

  /** Also of several members one after another, as parallel compressors write them. */
  private static InputStream gunzip(InputStream in) throws IOException {
    return GzipCompressorInputStream.builder()
        .setInputStream(new BufferedInputStream(in))
        .setDecompressConcatenated(true)
        .get();
  }

  private static void unpack(StoreUri uri, TarArchiveInputStream tar, Path directory)
      throws IOException, StagingException {
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Path target = inside(uri, entry.getName(), directory, directory);
      if (entry.isDirectory()) {
        Files.createDirectories(target);
        continue;
      }
      Files.createDirectories(parent(target));
      if (entry.isSymbolicLink()) {
        inside(uri, entry.getName() + " -> " + entry.getLinkName(), target, directory, entry);
        Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      } else if (entry.isLink()) {
        Files.copy(inside(uri, entry.getLinkName(), directory, directory), target);
      } else if (isFile(entry)) {
        Files.copy(tar, target);
        if ((entry.getMode() & 0111) != 0) {
          makeExecutable(target);
        }
      } else {
        throw refused(uri, entry.getName(), "it is neither a file nor a directory nor a link");
      }
    }
  }

  /** The library calls everything a file that is no directory. */
  private static boolean isFile(TarArchiveEntry entry) {
    return entry.isFile()
        && !entry.isFIFO()
        && !entry.isCharacterDevice()
        && !entry.isBlockDevice();
  }

  /** The place of an entry, proven to lie below the directory and not behind a link. */
  private static Path inside(StoreUri uri, String name, Path base, Path directory)
      throws IOException, StagingException {
    Path path = base.resolve(name).normalize();
    if (name.startsWith("/") || !path.startsWith(directory)) {
      throw refused(uri, name, "it lies outside the working directory");
    }
    for (Path above = path.getParent();
        above != null && above.startsWith(directory);
        above = above.getParent()) {
      if (Files.isSymbolicLink(above)) {
        throw refused(uri, name, "it lies behind a link");
      }
    }
    return path;
  }

  private static void inside(
      StoreUri uri, String shown, Path link, Path directory, TarArchiveEntry entry)
      throws StagingException {
    Path target = parent(link).resolve(entry.getLinkName()).normalize();
    if (entry.getLinkName().startsWith("/") || !target.startsWith(directory)) {
      throw refused(uri, shown, "it points outside the working directory");
    }
  }

  private static Path parent(Path path) {
    Path parent = path.getParent();
    if (parent == null) {
      throw new AssertionError(path + " has no parent");
    }
    return parent;
  }

  private static StagingException refused(StoreUri uri, String entry, String why) {
    return new StagingException(
        "entry '" + entry + "' of package " + uri + " is refused: " + why, false, null);
  }

  private static void makeExecutable(Path file) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    permissions.add(PosixFilePermission.OWNER_EXECUTE);
    permissions.add(PosixFilePermission.GROUP_EXECUTE);
    permissions.add(PosixFilePermission.OTHERS_EXECUTE);
    Files.setPosixFilePermissions(file, permissions);
  }
}
