package dev.windlass.executor.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the runners of all nodes where something has happened: one pipe and one thread,
 * however many there are. Each line is the path of a directory. Safe for several threads.
 */
final class News implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(News.class);

  private static final String SHOWN = "news";

  /** What is longer is no path; the rest of it is dropped. */
  private static final int LONGEST_LINE = 8192;

  private static final int READ_BYTES = 1024;

  /**
   * How long nothing is read after each read. A program in a node may write as much as it likes: so
   * it cannot keep a processor of this host busy, and what is true in between is hardly late.
   */
  private static final Duration REST = Duration.ofMillis(1);

  private final Path pipe;
  private final FileChannel channel;
  private volatile boolean closed;

  /**
   * Listens from now on.
   *
   * @param pipe made if it is not there
   * @param each gets every line, on the thread of the news; anybody in a node may have written it
   * @throws IOException if this host has no such pipes
   */
  News(Path pipe, Consumer<String> each) throws IOException {
    this.pipe = pipe;
    if (!Files.exists(pipe)) {
      Pipe.make(pipe);
    }
    this.channel = Pipe.open(pipe);
    Thread listener = new Thread(() -> listen(each), "windlass-docker-news");
    listener.setDaemon(true);
    listener.start();
  }

  private void listen(Consumer<String> each) {
    ByteBuffer read = ByteBuffer.allocate(READ_BYTES);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (channel) {
      while (!closed && channel.read(read) >= 0) {
        read.flip();
        while (read.hasRemaining() && !closed) {
          byte next = read.get();
          if (next == '\n') {
            tell(each, line.toString(StandardCharsets.UTF_8));
            line.reset();
          } else if (line.size() < LONGEST_LINE) {
            line.write(next);
          }
        }
        read.clear();
        LockSupport.parkNanos(REST.toNanos());
      }
    } catch (IOException e) {
      if (!closed) {
        // Nothing depends on it: everything is looked at now and then anyhow.
        LOG.warn("nothing more is heard from {}", pipe, e);
      }
    }
  }

  private static void tell(Consumer<String> each, String line) {
    try {
      each.accept(line);
    } catch (RuntimeException e) {
      // The edge of the thread: one bad step must not silence all nodes.
      LOG.error("what happened at {} was not heeded", line, e);
    }
  }

  /** Lets the nodes that see a directory tell news. */
  void showIn(Path directory) throws IOException {
    Path shown = directory.resolve(SHOWN);
    if (!Files.exists(shown)) {
      Files.createLink(shown, pipe);
    }
  }

  /** Ends the thread, which no interrupt would wake: by a line, on a channel of its own. */
  @Override
  public void close() {
    closed = true;
    try (FileChannel other = Pipe.open(pipe)) {
      Pipe.writeLine(other, "");
    } catch (IOException e) {
      LOG.debug("{} still listens", pipe, e);
    }
  }
}
