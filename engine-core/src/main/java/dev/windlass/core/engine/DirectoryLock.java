package dev.windlass.core.engine;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The ownership of an engine's directory.
 *
 * <p>A lock of the operating system on a file of its own: it holds across JVMs and through links,
 * and is free at once when its holder dies, however it dies. The file names the holder for people;
 * it decides nothing.
 */
public final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the ownership.
   *
   * @param directory an existing directory
   * @throws EngineException {@code DIRECTORY_IN_USE} naming the holder, or {@code
   *     DIRECTORY_UNUSABLE}
   */
  public static DirectoryLock take(Path directory) {
    Path file = directory.resolve("engine.lock");
    FileChannel channel = null;
    try {
      // The real path, so that the JVM notices a second engine of its own through a link too.
      Path real = directory.toRealPath().resolve("engine.lock");
      channel =
          FileChannel.open(
              real, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        throw inUse(directory, file);
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(holder().getBytes(StandardCharsets.UTF_8)), 0);
      return new DirectoryLock(channel);
    } catch (IOException e) {
      closeQuietly(channel);
      throw new EngineException(
          ErrorCode.DIRECTORY_UNUSABLE,
          directory.toString(),
          "the engine's directory " + directory + " cannot be written: " + e,
          e);
    } catch (EngineException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very JVM
    }
  }

  private static EngineException inUse(Path directory, Path file) {
    String holder;
    try {
      holder = Files.readString(file).strip();
    } catch (IOException e) {
      holder = "an unknown process";
    }
    return new EngineException(
        ErrorCode.DIRECTORY_IN_USE,
        directory.toString(),
        "the directory " + directory + " is in use by another engine: " + holder);
  }

  private static String holder() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "localhost";
    }
    return "pid "
        + ProcessHandle.current().pid()
        + " on "
        + host
        + " since "
        + Instant.now()
        + "\n";
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        org.slf4j.LoggerFactory.getLogger(DirectoryLock.class).debug("closing the lock file", e);
      }
    }
  }

  /** Gives up the ownership. Idempotent. */
  @Override
  public void close() {
    closeQuietly(channel);
  }
}
