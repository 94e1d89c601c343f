package dev.windlass.control;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Lines of UTF-8 both ways, each of bounded length and within a bounded time.
 *
 * <p>For one reader and writer at a time. {@link #close} may come from any thread and ends what is
 * under way with an {@link IOException}. A socket channel knows no timeouts while it blocks, hence
 * the selector.
 */
final class LineChannel implements AutoCloseable {
  private static final int CHUNK_BYTES = 8_192;

  private final SocketChannel channel;
  private final int mostBytes;
  private final Selector selector;
  private final SelectionKey key;

  /** What has been received and not been read, ready to be taken from. */
  private final ByteBuffer received = ByteBuffer.allocate(CHUNK_BYTES).limit(0);

  /** The other side sent a line that is too long, or is no UTF-8. */
  static final class BadLineException extends IOException {
    private static final long serialVersionUID = 1L;

    BadLineException(String message) {
      super(message);
    }
  }

  /** The other side did not do its part in time. */
  static final class TooSlowException extends IOException {
    private static final long serialVersionUID = 1L;

    TooSlowException(Duration time) {
      super("nothing came of it in " + time.toMillis() + " ms");
    }
  }

  /**
   * Takes over a channel.
   *
   * @param channel connected; closed with this
   * @param mostBytes of a line that is read, without its end
   */
  LineChannel(SocketChannel channel, int mostBytes) throws IOException {
    this.channel = channel;
    this.mostBytes = mostBytes;
    channel.configureBlocking(false);
    this.selector = Selector.open();
    this.key = channel.register(selector, 0);
  }

  /**
   * Reads the next line.
   *
   * @param atMost how long the whole line may take
   * @return the line without its end; empty if the other side has said all it had to say
   * @throws EOFException if the other side went away within a line
   */
  Optional<String> read(Duration atMost) throws IOException {
    long end = System.nanoTime() + atMost.toNanos();
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      while (received.hasRemaining()) {
        byte next = received.get();
        if (next == '\n') {
          return Optional.of(text(line.toByteArray()));
        }
        if (line.size() == mostBytes) {
          throw new BadLineException("a line has at most " + mostBytes + " bytes");
        }
        line.write(next);
      }
      received.clear();
      int count = channel.read(received);
      received.flip();
      if (count < 0 && line.size() == 0) {
        return Optional.empty();
      } else if (count < 0) {
        throw new EOFException("a line without its end");
      } else if (count == 0) {
        await(SelectionKey.OP_READ, end, atMost);
      }
    }
  }

  private static String text(byte[] line) throws IOException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(line))
          .toString();
    } catch (java.nio.charset.CharacterCodingException e) {
      throw new BadLineException("a line is UTF-8");
    }
  }

  /**
   * Writes a line and its end.
   *
   * @param line without a line feed
   * @param atMost how long the other side may take to take it
   */
  void write(String line, Duration atMost) throws IOException {
    long end = System.nanoTime() + atMost.toNanos();
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        await(SelectionKey.OP_WRITE, end, atMost);
      }
    }
  }

  private void await(int operation, long end, Duration atMost) throws IOException {
    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    if (left <= 0) {
      throw new TooSlowException(atMost);
    }
    try {
      key.interestOps(operation);
      selector.select(left);
    } catch (ClosedSelectorException | CancelledKeyException e) {
      throw (IOException) new ClosedChannelException().initCause(e);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new ClosedByInterruptException();
    }
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      selector.close();
    }
  }
}
