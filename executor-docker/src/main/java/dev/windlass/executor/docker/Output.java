package dev.windlass.executor.docker;

import com.github.dockerjava.api.model.LogConfig;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;

/**
 * Brings a container's output into the attempt's files.
 *
 * <p>The Docker engine keeps the output in its driver {@code local}: exact to the byte, outside of
 * this JVM, and bounded by rotation. When the container has ended, everything that was kept is
 * written behind what the files held before the attempt. As that place is known, doing it twice
 * gives the same, so nothing has to be remembered over a crash.
 */
final class Output {

  /** One file is being written, two full ones are kept: at least the limit, at most half more. */
  private static final int FILES = 3;

  /** At least what the driver adds to a message: lengths, source, time, number of a part. */
  private static final int MOST_OVERHEAD_BYTES = 160;

  private static final int BUFFER_BYTES = 1 << 16;
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private static final byte[] MARK =
      "[windlass: there was more output than is kept; the beginning of it is missing]\n"
          .getBytes(StandardCharsets.UTF_8);

  private final Daemon daemon;
  private final long limitBytes;

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
   * Writes all output of a container that has ended.
   *
   * @throws DaemonSilentException if it cannot be had at present, or the files cannot be written
   */
  void fetch(String container, OutputFiles files) {
    boolean whole = copy(container, files, new byte[0]);
    if (!whole) {
      copy(container, files, MARK);
    }
  }

  /**
   * Copies what the Docker engine has.
   *
   * @param before what is to stand before it
   * @return false if the engine may have dropped some
   */
  private boolean copy(String container, OutputFiles files, byte[] before) {
    return daemon.get(
        "/containers/" + container + "/logs?stdout=1&stderr=1",
        LIMIT,
        response -> {
          try (FileChannel stdout = open(files.stdout(), files.stdoutBase());
              FileChannel stderr = open(files.stderr(), files.stderrBase());
              OutputStream out = buffered(stdout);
              OutputStream err = buffered(stderr)) {
            out.write(before);
            err.write(before);
            LogStream log = new LogStream(response.getBody());
            long kept = 0;
            while (log.next()) {
              kept += log.copyTo(log.isError() ? err : out) + MOST_OVERHEAD_BYTES;
            }
            return kept < limitBytes;
          }
        });
  }

  private static FileChannel open(Path file, long base) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.truncate(base);
    channel.position(base);
    return channel;
  }

  private static OutputStream buffered(FileChannel channel) {
    return new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
  }
}
