package dev.windlass.storage.directory;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/**
 * Reads a file up to the length it had when it was opened.
 *
 * <p>What we publish never changes in place, but a program with a writable mount may cut a file
 * that is being read. Then the stream fails; it does not end as if the rest had never been.
 */
final class ObjectStream extends InputStream {

  private final FileChannel channel;
  private final long size;
  private long position;

  /** From a position of a channel that this stream closes. */
  ObjectStream(FileChannel channel, long size, long position) {
    this.channel = channel;
    this.size = size;
    this.position = position;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (position >= size) {
      return -1;
    }
    int wanted = (int) Math.min(length, size - position);
    int got = channel.read(ByteBuffer.wrap(bytes, offset, wanted), position);
    if (got < 0) {
      throw new EOFException("the file was cut to " + position + " of " + size + " bytes");
    }
    position += got;
    return got;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.max(0, Math.min(count, size - position));
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, size - position);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
