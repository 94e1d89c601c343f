package dev.windlass.executor.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the Docker engine's stream of output with times: frames of eight bytes, of which the first
 * says which output and the last four the length, then a time of fixed width, a blank, and the
 * content. Not for use by several threads.
 */
final class LogStream {

  /**
   * How far a stream was read.
   *
   * @param time of the last frame, as the Docker engine writes it
   * @param frames how many frames of that very time were read
   */
  record Position(String time, int frames) {

    /** For the parameter {@code since}, which takes seconds and nanoseconds. */
    String seconds() {
      Instant instant = Instant.parse(time);
      return String.format(Locale.ROOT, "%d.%09d", instant.getEpochSecond(), instant.getNano());
    }
  }

  private static final int HEADER_BYTES = 8;
  private static final int LENGTH_AT = 4;
  private static final int STDERR = 2;
  private static final int BUFFER_BYTES = 1 << 14;

  /** Such as 2026-01-02T03:04:05.123456789Z; UTC always. */
  private static final int TIME_BYTES = 30;

  private final InputStream stream;
  private final byte[] header = new byte[HEADER_BYTES];
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int left;
  private byte last;
  private String time = "";
  private int framesOfTime;
  private Optional<Position> known = Optional.empty();

  LogStream(InputStream stream) {
    this.stream = stream;
  }

  /** Passes over what was read before, if it comes again. */
  void skipTo(Optional<Position> before) {
    known = before;
  }

  /** How far it was read; empty if there was nothing. */
  Optional<Position> position() {
    return time.isEmpty() ? Optional.empty() : Optional.of(new Position(time, framesOfTime));
  }

  /**
   * Goes to the next frame.
   *
   * @return false if there is none
   * @throws EOFException if the stream broke off within a frame
   */
  boolean next() throws IOException {
    do {
      if (!advance()) {
        return false;
      }
    } while (known.filter(this::isBefore).isPresent());
    return true;
  }

  private boolean isBefore(Position before) {
    return time.equals(before.time()) && framesOfTime <= before.frames();
  }

  private boolean advance() throws IOException {
    stream.skipNBytes(left);
    int read = stream.readNBytes(header, 0, HEADER_BYTES);
    if (read == 0) {
      left = 0;
      return false;
    }
    left = read < HEADER_BYTES ? 0 : ByteBuffer.wrap(header).getInt(LENGTH_AT);
    if (left <= TIME_BYTES) {
      throw new EOFException("the output of a container broke off");
    }
    String next = new String(stream.readNBytes(TIME_BYTES), StandardCharsets.US_ASCII);
    stream.skipNBytes(1);
    left -= TIME_BYTES + 1;
    framesOfTime = next.equals(time) ? framesOfTime + 1 : 1;
    time = next;
    return true;
  }

  /** When the frame was written, as the Docker engine writes times; parts of a line have one. */
  String time() {
    return time;
  }

  /** True if the last byte that was copied ended a line. */
  boolean endedLine() {
    return last == '\n';
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
    last = 0;
    while (left > 0) {
      int read = stream.read(buffer, 0, Math.min(left, buffer.length));
      if (read < 0) {
        throw new EOFException("the output of a container broke off");
      }
      to.write(buffer, 0, read);
      last = buffer[read - 1];
      left -= read;
    }
    return length;
  }
}
