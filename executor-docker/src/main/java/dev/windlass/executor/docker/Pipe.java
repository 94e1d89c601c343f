package dev.windlass.executor.docker;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Named pipes, by which the host and the shells in its nodes wake each other. What is written where
 * nobody reads is lost, so what a pipe says is never more than a hint.
 */
final class Pipe {

  private Pipe() {}

  /**
   * Makes one that every user can read and write. Only in a directory that others of this host
   * cannot enter.
   *
   * @throws IOException if this host has none, or something is at that path
   */
  static void make(Path path) throws IOException {
    Process maker =
        new ProcessBuilder("mkfifo", "-m", "666", path.toString())
            .redirectErrorStream(true)
            .start();
    try (var output = maker.getInputStream()) {
      String complaint = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      if (maker.waitFor() != 0) {
        throw new IOException(path + " cannot be made: " + complaint);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + path + " was made");
    }
  }

  /** Opens one. For both directions: who opens it for one waits until somebody has the other. */
  static FileChannel open(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Writes a short line, which stays whole beside those of others. */
  static void writeLine(FileChannel pipe, String line) throws IOException {
    pipe.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
  }
}
