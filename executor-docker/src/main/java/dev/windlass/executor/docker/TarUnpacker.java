package dev.windlass.executor.docker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks what the Docker engine packs of a container. The program in it may have made anything:
 * nothing is written outside of the given place, nor through a symbolic link, and what is neither a
 * file nor a directory nor a link is left out. For one use.
 */
final class TarUnpacker {

  private static final Logger LOG = LoggerFactory.getLogger(TarUnpacker.class);

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path place;
  private final List<Path> without;
  private final BooleanSupplier stop;

  /** They are made last, so that nothing is written through one. */
  private final Map<Path, String> links = new LinkedHashMap<>();

  /**
   * An unpacker.
   *
   * @param place what the first entry becomes; there is nothing yet
   * @param without what is left out, relative to the first entry
   * @param stop asked often; true gives up
   */
  TarUnpacker(Path place, List<String> without, BooleanSupplier stop) {
    this.place = place;
    this.without = without.stream().map(Path::of).toList();
    this.stop = stop;
  }

  /**
   * Unpacks to the end.
   *
   * @throws IOException if it cannot be read or written, or was given up
   */
  void unpack(InputStream packed) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(packed, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path name = Path.of(entry.getName()).normalize();
        if (name.isAbsolute() || name.startsWith("..")) {
          LOG.warn("a name that leads elsewhere is left out: {}", name);
        } else if (without.stream().noneMatch(withoutFirst(name)::startsWith)) {
          unpack(entry, place.resolve(withoutFirst(name)), tar);
        }
      }
    }
    for (Map.Entry<Path, String> link : links.entrySet()) {
      if (Files.exists(link.getKey(), LinkOption.NOFOLLOW_LINKS)) {
        LOG.warn("{} is there twice; its link is left out", link.getKey());
      } else {
        Files.createSymbolicLink(link.getKey(), Path.of(link.getValue()));
      }
    }
  }

  private static Path withoutFirst(Path name) {
    return name.getNameCount() < 2 ? Path.of("") : name.subpath(1, name.getNameCount());
  }

  private void unpack(TarArchiveEntry entry, Path target, TarArchiveInputStream content)
      throws IOException {
    Files.createDirectories(target.toAbsolutePath().getParent());
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      Files.setPosixFilePermissions(target, permissions(entry.getMode() | 0700));
    } else if (entry.isSymbolicLink()) {
      links.put(target, entry.getLinkName());
    } else if (entry.isLink()) {
      Path first = place.resolve(withoutFirst(Path.of(entry.getLinkName()).normalize()));
      if (first.normalize().startsWith(place)
          && Files.isRegularFile(first, LinkOption.NOFOLLOW_LINKS)) {
        Files.createLink(target, first);
      } else {
        LOG.warn("a link to what is not there is left out: {}", target);
      }
    } else if (isRegular(entry)) {
      try (OutputStream file = Files.newOutputStream(target)) {
        copy(content, file);
      }
      Files.setPosixFilePermissions(target, permissions(entry.getMode() | 0600));
      Files.setLastModifiedTime(target, entry.getLastModifiedTime());
    } else {
      LOG.warn("what is no file is left out: {}", target);
    }
  }

  /** commons-compress takes everything for a file that is no directory. */
  private static boolean isRegular(TarArchiveEntry entry) {
    return entry.isFile()
        && !entry.isFIFO()
        && !entry.isBlockDevice()
        && !entry.isCharacterDevice();
  }

  private void copy(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      if (stop.getAsBoolean()) {
        throw new IOException("given up");
      }
      to.write(buffer, 0, read);
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    PosixFilePermission[] all = PosixFilePermission.values();
    Set<PosixFilePermission> given = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < all.length; i++) {
      // In the order of the mode's bits, the owner's first.
      if ((mode & 0400 >> i) != 0) {
        given.add(all[i]);
      }
    }
    return given;
  }
}
