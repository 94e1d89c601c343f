package dev.windlass.executor.docker;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.PathBinding;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Packs what the program of an attempt is to see as a tar of absolute paths. For one use. */
final class TarPacker {

  private static final Logger LOG = LoggerFactory.getLogger(TarPacker.class);

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int MODE_BITS = 0777;

  private final TarOwner owner;
  private final OutputStream sink;
  private final BooleanSupplier stop;
  private volatile @Nullable IOException unreadable;

  /**
   * A packer.
   *
   * @param owner to whom the files are to belong
   * @param sink gets the tar and is closed
   * @param stop asked often; true gives up
   */
  TarPacker(TarOwner owner, OutputStream sink, BooleanSupplier stop) {
    this.owner = owner;
    this.sink = sink;
    this.stop = stop;
  }

  /** It was given up, or nobody reads what is packed. */
  private static final class StoppedException extends IOException {
    private static final long serialVersionUID = 1L;

    StoppedException(@Nullable Throwable cause) {
      super("nothing more is wanted", cause);
    }
  }

  /** Why the files of this host could not be packed; empty if it was not for them. */
  Optional<IOException> unreadable() {
    return Optional.ofNullable(unreadable);
  }

  /**
   * Packs.
   *
   * @return false if it is not whole
   */
  boolean pack(AttemptSpec spec) {
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new Sink(), "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      add(tar, spec.workDirectory(), spec.workDirectory(), false);
      for (PathBinding binding : spec.bindings()) {
        add(tar, binding.host(), Returning.target(spec, binding), binding.readOnly());
      }
      tar.finish();
      return true;
    } catch (StoppedException e) {
      LOG.debug("the files of {} were not packed to their end", spec.id(), e);
      return false;
    } catch (IOException e) {
      unreadable = e;
      return false;
    }
  }

  private void add(TarArchiveOutputStream tar, Path host, Path target, boolean readOnly)
      throws IOException {
    Path root = host.toRealPath();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            put(tar, entry(folder, "/", TarConstants.LF_DIR), folder, attributes);
            tar.closeArchiveEntry();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isSymbolicLink()) {
              TarArchiveEntry link = entry(file, "", TarConstants.LF_SYMLINK);
              link.setLinkName(Files.readSymbolicLink(file).toString());
              put(tar, link, file, attributes);
              tar.closeArchiveEntry();
            } else if (attributes.isRegularFile()) {
              TarArchiveEntry entry = entry(file, "", TarConstants.LF_NORMAL);
              entry.setSize(attributes.size());
              put(tar, entry, file, attributes);
              copy(file, tar);
              tar.closeArchiveEntry();
            }
            return FileVisitResult.CONTINUE;
          }

          private TarArchiveEntry entry(Path path, String end, byte kind) {
            Path there = path.equals(root) ? target : target.resolve(root.relativize(path));
            // Without the leading slash, which tar programs strip anyhow.
            return new TarArchiveEntry(there.toString().substring(1) + end, kind);
          }

          private void put(
              TarArchiveOutputStream out,
              TarArchiveEntry entry,
              Path path,
              BasicFileAttributes attributes)
              throws IOException {
            int mode =
                (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & MODE_BITS;
            entry.setMode(readOnly ? owner.readOnly(mode) : owner.writable(mode));
            entry.setUserId(readOnly ? owner.stranger() : owner.uid());
            entry.setGroupId(readOnly ? owner.stranger() : owner.gid());
            entry.setModTime(attributes.lastModifiedTime());
            out.putArchiveEntry(entry);
          }
        });
  }

  private static void copy(Path file, OutputStream tar) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream content = Files.newInputStream(file)) {
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        tar.write(buffer, 0, read);
      }
    }
  }

  /** Tells what cannot be sent from what cannot be read. */
  private final class Sink extends FilterOutputStream {
    Sink() {
      super(sink);
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (stop.getAsBoolean()) {
        throw new StoppedException(null);
      }
      try {
        sink.write(bytes, offset, length);
      } catch (IOException e) {
        throw new StoppedException(e);
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        sink.flush();
      } catch (IOException e) {
        throw new StoppedException(e);
      }
    }
  }
}
