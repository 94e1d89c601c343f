package dev.windlass.executor.docker;

import com.github.dockerjava.api.model.LogConfig;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a container's output into the attempt's files.
 *
 * <p>The Docker engine keeps the output in its driver {@code local}: exact to the byte, outside of
 * this JVM, and bounded by rotation.
 *
 * <h2>At the end</h2>
 *
 * <p>Everything that was kept is written behind what the files held before the attempt. As that
 * place is known, doing it twice gives the same, and nothing has to be remembered over a crash.
 *
 * <h2>While it runs</h2>
 *
 * <p>Now and then what has come since the last time is appended, so that people can read along.
 * That is a courtesy: at the border of two looks, a line of one output may overtake one of the
 * other and be left out until the end. When so much came that the Docker engine has dropped some,
 * it is also what is left of the beginning.
 *
 * <p>Not for use by several threads at once; an object for each attempt.
 */
final class Output {

  /** One file is being written, two full ones are kept: at least the limit, at most half more. */
  private static final int FILES = 3;

  /** At least what the driver adds to a message: lengths, source, time, number of a part. */
  private static final int MOST_OVERHEAD_BYTES = 160;

  /** What of the beginning of each output stands before the gap. */
  private static final int HEAD_BYTES = 1 << 16;

  private static final int BUFFER_BYTES = 1 << 16;
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private static final byte[] GAP =
      "\n[windlass: there was more output than is kept; what stood here is missing]\n"
          .getBytes(StandardCharsets.UTF_8);

  private final Daemon daemon;
  private final long limitBytes;
  private Optional<LogStream.Position> position = Optional.empty();
  private final LineEnds outEnds = new LineEnds();
  private final LineEnds errEnds = new LineEnds();
  private long followed;

  Output(Daemon daemon, long limitBytes) {
    this.daemon = daemon;
    this.limitBytes = limitBytes;
  }

  /** How the Docker engine is to keep output, so that at least the limit is there. */
  static LogConfig driver(long limitBytes) {
    return new LogConfig(
        LogConfig.LoggingType.LOCAL,
        Map.of(
            "max-size", Long.toString(limitBytes / 2),
            "max-file", Integer.toString(FILES),
            "compress", "false"));
  }

  /**
   * Appends what has come since the last time. The first time in this JVM everything is written.
   *
   * @throws DaemonSilentException if it cannot be had at present, or the files cannot be written
   */
  void follow(String container, OutputFiles files) {
    if (followed >= limitBytes) {
      return;
    }
    boolean first = position.isEmpty();
    String since = position.map(at -> "&since=" + at.seconds()).orElse("");
    read(
        container,
        since,
        log -> {
          try (FileChannel stdout = open(files.stdout(), first ? files.stdoutBase() : -1);
              FileChannel stderr = open(files.stderr(), first ? files.stderrBase() : -1);
              OutputStream out = buffered(stdout);
              OutputStream err = buffered(stderr)) {
            log.skipTo(position);
            while (followed < limitBytes && log.next()) {
              followed += log.isError() ? errEnds.copy(log, err) : outEnds.copy(log, out);
            }
          } finally {
            position = log.position().or(() -> position);
          }
        });
  }

  /**
   * Writes all output of a container that has ended.
   *
   * @throws DaemonSilentException if it cannot be had at present, or the files cannot be written
   */
  void complete(String container, OutputFiles files) throws IOException {
    byte[] outHead = head(files.stdout(), files.stdoutBase());
    byte[] errHead = head(files.stderr(), files.stderrBase());
    if (!copy(container, files, new byte[0], new byte[0])) {
      copy(container, files, withGap(outHead), withGap(errHead));
    }
  }

  /**
   * Copies what the Docker engine has.
   *
   * @return false if it may have dropped some
   */
  private boolean copy(String container, OutputFiles files, byte[] outHead, byte[] errHead) {
    long[] kept = new long[1];
    read(
        container,
        "",
        log -> {
          try (FileChannel stdout = open(files.stdout(), files.stdoutBase());
              FileChannel stderr = open(files.stderr(), files.stderrBase());
              OutputStream out = buffered(stdout);
              OutputStream err = buffered(stderr)) {
            LineEnds outLines = new LineEnds();
            LineEnds errLines = new LineEnds();
            out.write(outHead);
            err.write(errHead);
            while (log.next()) {
              int length = log.isError() ? errLines.copy(log, err) : outLines.copy(log, out);
              kept[0] += length + MOST_OVERHEAD_BYTES;
            }
          }
        });
    return kept[0] < limitBytes;
  }

  /** What of the beginning was appended while the program ran. */
  private static byte[] head(Path file, long base) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      content.skipNBytes(base);
      return content.readNBytes(HEAD_BYTES);
    }
  }

  private static byte[] withGap(byte[] head) {
    if (head.length == 0) {
      return head;
    }
    byte[] both = new byte[head.length + GAP.length];
    System.arraycopy(head, 0, both, 0, head.length);
    System.arraycopy(GAP, 0, both, head.length, GAP.length);
    return both;
  }

  private void read(String container, String since, Use use) {
    daemon.get(
        "/containers/" + container + "/logs?stdout=1&stderr=1&timestamps=1" + since,
        LIMIT,
        response -> {
          use.of(new LogStream(response.getBody()));
          return Boolean.TRUE;
        });
  }

  /** What is done with a stream of output. */
  @FunctionalInterface
  private interface Use {
    void of(LogStream log) throws IOException;
  }

  /** Opened to write from a place on, what is behind it being cut off; negative for the end. */
  private static FileChannel open(Path file, long from) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (from >= 0) {
      channel.truncate(from);
    }
    channel.position(channel.size());
    return channel;
  }

  private static OutputStream buffered(FileChannel channel) {
    return new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
  }
}
