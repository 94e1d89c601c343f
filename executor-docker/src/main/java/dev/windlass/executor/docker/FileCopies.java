package dev.windlass.executor.docker;

import com.github.dockerjava.api.exception.NotFoundException;
import dev.windlass.executor.AttemptSpec;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/**
 * The files of attempts on a Docker engine that does not see those of this host: they are copied
 * into the container before its start, and what the program may have changed is copied out of it
 * after its end.
 *
 * <p>Either may be done again: in, as long as the container has not begun; out, as long as it has
 * not been removed. What comes out is unpacked in a place of its own and then moved, so that a copy
 * that was given up cannot write where a later one has been. Safe for several threads.
 */
final class FileCopies {

  private static final int PIPE_BYTES = 1 << 17;

  private final Daemon daemon;
  private final Duration most;
  private final TarOwner owner;
  private final Path arriving;
  private final Executor threads;
  private final BooleanSupplier closing;

  /**
   * Copies to and from a Docker engine.
   *
   * @param most how long one copy may take
   * @param owner to whom files in containers belong
   * @param arriving a directory for what is on its way, on the file system of the attempts
   * @param threads for what may take long
   * @param closing true gives up what is under way
   */
  FileCopies(
      Daemon daemon,
      Duration most,
      TarOwner owner,
      Path arriving,
      Executor threads,
      BooleanSupplier closing) {
    this.daemon = daemon;
    this.most = most;
    this.owner = owner;
    this.arriving = arriving;
    this.threads = threads;
    this.closing = closing;
  }

  /**
   * Copies everything that the program is to see into a container that has not begun.
   *
   * @param unwanted true gives up
   * @throws NotFoundException if there is no such container
   * @throws DaemonSilentException if it was given up, or the Docker engine does not answer
   * @throws IOException if a file of this host cannot be read
   */
  void in(String container, AttemptSpec spec, BooleanSupplier unwanted) throws IOException {
    BooleanSupplier stop = () -> unwanted.getAsBoolean() || closing.getAsBoolean();
    try (PipedInputStream pipe = new PipedInputStream(PIPE_BYTES)) {
      TarPacker packer = new TarPacker(owner, new PipedOutputStream(pipe), stop);
      var packed = CompletableFuture.supplyAsync(() -> packer.pack(spec), threads);
      try {
        daemon.putArchive(container, new WholeOnly(pipe, packed), most, stop);
      } catch (DaemonSilentException e) {
        Optional<IOException> unreadable = packer.unreadable();
        if (unreadable.isPresent()) {
          // That, and not the Docker engine, is why the call came to nothing.
          throw unreadable.get();
        }
        throw e;
      }
    }
  }

  /** An archive that breaks off is not taken for one that ends, which it would be otherwise. */
  private static final class WholeOnly extends FilterInputStream {
    private final CompletableFuture<Boolean> packed;

    WholeOnly(InputStream pipe, CompletableFuture<Boolean> packed) {
      super(pipe);
      this.packed = packed;
    }

    @Override
    public int read() throws IOException {
      return checked(super.read());
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return checked(super.read(buffer, offset, length));
    }

    private int checked(int read) throws IOException {
      if (read < 0 && !packed.join()) {
        throw new IOException("the files of this host could not all be sent");
      }
      return read;
    }
  }

  /**
   * Copies out of a container that has ended what is to come back.
   *
   * @throws DaemonSilentException if it was given up, or the Docker engine does not answer, or the
   *     container is not there any more
   * @throws IOException if the files cannot be written
   */
  void out(ContainerState ended) throws IOException {
    for (Returning returning : Labels.returning(ended.labels())) {
      Path room = Files.createTempDirectory(arriving, "copy");
      try {
        Path content = room.resolve("content");
        fetch(ended.id(), returning, content);
        replace(returning.here(), content);
      } finally {
        Trees.delete(room);
      }
    }
  }

  /** Leaves nothing at the place if the program has removed what was there. */
  private void fetch(String container, Returning returning, Path content) throws IOException {
    String path = URLEncoder.encode(returning.there(), StandardCharsets.UTF_8);
    try {
      daemon.get(
          "/containers/" + container + "/archive?path=" + path,
          most,
          closing,
          response -> {
            new TarUnpacker(content, returning.without(), closing).unpack(response.getBody());
            return Boolean.TRUE;
          });
    } catch (NotFoundException e) {
      if (!daemon.exists(container)) {
        throw new DaemonSilentException("the container " + container + " is gone", e);
      }
    }
  }

  private static void replace(Path here, Path content) throws IOException {
    if (Files.isRegularFile(content, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(content, here, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    if (!Files.isDirectory(here, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(here);
      return;
    }
    Trees.clear(here);
    if (Files.isDirectory(content, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(content)) {
        for (Path child : children) {
          Files.move(child, here.resolve(child.getFileName()));
        }
      }
    }
  }
}
