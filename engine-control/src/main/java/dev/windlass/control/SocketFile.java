package dev.windlass.control;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file of the socket in an engine's directory.
 *
 * <p>It is made in a directory that only the owner can enter, gets its permissions there and is
 * moved to its place: so it is never there with others, and takes the place of one that a killed
 * host has left.
 *
 * <p>The address of a socket is a short path. In a directory that lies too deep the socket is
 * reached through a symbolic link that is there for that moment.
 */
final class SocketFile {
  private static final String NAME = "control.sock";
  private static final String DRAFT = "control.new";

  /** The field in the system's address has 104 to 108 bytes and needs one for its end. */
  private static final int MOST_BYTES = 100;

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path file;
  private final @Nullable Object key;

  private SocketFile(Path file) throws IOException {
    this.file = file;
    this.key = key(file);
  }

  /** Something that is done with an address. */
  @FunctionalInterface
  private interface Use {
    void at(UnixDomainSocketAddress address) throws IOException;
  }

  /**
   * Puts a socket into its place.
   *
   * @param directory of an engine that the caller has open
   * @param server is bound to it
   */
  static SocketFile bind(Path directory, ServerSocketChannel server) throws IOException {
    Path real = directory.toRealPath();
    Path draft = real.resolve(DRAFT);
    Files.deleteIfExists(draft.resolve(NAME));
    Files.deleteIfExists(draft);
    Files.createDirectory(draft, OWNER_ONLY);
    try {
      within(draft, server::bind);
      Path made = draft.resolve(NAME);
      Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
      Path file = real.resolve(NAME);
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
      return new SocketFile(file);
    } finally {
      Files.deleteIfExists(draft.resolve(NAME));
      Files.deleteIfExists(draft);
    }
  }

  /** Calls whoever listens in a directory; empty if nobody does. */
  static Optional<SocketChannel> connect(Path directory) throws IOException {
    if (!Files.exists(directory.resolve(NAME), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    boolean connected = false;
    try {
      within(directory.toRealPath(), channel::connect);
      connected = true;
      return Optional.of(channel);
    } catch (ConnectException e) {
      return Optional.empty(); // whoever made it is gone
    } catch (IOException e) {
      if (!Files.exists(directory.resolve(NAME), LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      throw new EngineException(
          ErrorCode.DIRECTORY_UNUSABLE,
          directory.toString(),
          "the socket of the host that has "
              + directory
              + " open cannot be used: "
              + e.getMessage(),
          e);
    } finally {
      if (!connected) {
        channel.close();
      }
    }
  }

  private static void within(Path directory, Use use) throws IOException {
    Path direct = directory.resolve(NAME);
    if (direct.toString().getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES) {
      use.at(UnixDomainSocketAddress.of(direct));
      return;
    }
    Path aside = Files.createTempDirectory("windlass-", OWNER_ONLY);
    Path link = aside.resolve("d");
    try {
      Files.createSymbolicLink(link, directory);
      use.at(UnixDomainSocketAddress.of(link.resolve(NAME)));
    } finally {
      Files.deleteIfExists(link);
      Files.delete(aside);
    }
  }

  /** Takes the file away, unless another host has put its own there. */
  void delete() throws IOException {
    if (key != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS) && key.equals(key(file))) {
      Files.deleteIfExists(file);
    }
  }

  private static @Nullable Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }
}
