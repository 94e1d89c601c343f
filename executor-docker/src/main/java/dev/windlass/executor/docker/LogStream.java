package dev.windlass.executor.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Reads the Docker engine's stream of output: frames of eight bytes, of which the first says which
 * output and the last four the length, and then the content. Not for use by several threads.
 */
final class LogStream {

  private static final int HEADER_BYTES = 8;
  private static final int LENGTH_AT = 4;
  private static final int STDERR = 2;
  private static final int BUFFER_BYTES = 1 << 14;

  private final InputStream stream;
  private final byte[] header = new byte[HEADER_BYTES];
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int left;

  LogStream(InputStream stream) {
    this.stream = stream;
  }

  /**
   * Goes to the next frame.
   *
   * @return false if there is none
   * @throws EOFException if the stream broke off within a frame
   */
  boolean next() throws IOException {
    stream.skipNBytes(left);
    int read = stream.readNBytes(header, 0, HEADER_BYTES);
    if (read != 0 && read < HEADER_BYTES) {
      throw new EOFException("the output of a container broke off");
    }
    left = read == 0 ? 0 : ByteBuffer.wrap(header).getInt(LENGTH_AT);
    return read != 0;
  }

  /** True if the frame is of standard error. */
  boolean isError() {
    return header[0] == STDERR;
  }

  /**
   * Copies what is left of the frame.
   *
   * @return how many bytes that were
   * @throws EOFException if the stream broke off
   */
  int copyTo(OutputStream to) throws IOException {
    int length = left;
    while (left > 0) {
      int read = stream.read(buffer, 0, Math.min(left, buffer.length));
      if (read < 0) {
        throw new EOFException("the output of a container broke off");
      }
      to.write(buffer, 0, read);
      left -= read;
    }
    return length;
  }
}
