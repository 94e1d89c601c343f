package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** News are heard whatever became of those before, and however many there are. */
@Timeout(30)
final class NewsTest {

  @TempDir Path directory;

  @Test
  void oneThatIsNotHeededSilencesNoneOfThoseThatFollow() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    Path pipe = directory.resolve("pipe");
    try (News news =
            new News(
                pipe,
                line -> {
                  if (line.equals("bad")) {
                    throw new IllegalStateException("as by a full disk");
                  }
                  heard.add(line);
                });
        FileChannel writer = Pipe.open(pipe)) {
      news.showIn(directory);
      Pipe.writeLine(writer, "bad");
      Pipe.writeLine(writer, "x".repeat(20_000));
      Pipe.writeLine(writer, "/good");
      assertThat(heard.poll(30, TimeUnit.SECONDS)).hasSizeLessThan(20_000);
      assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("/good");
    }
  }

  /** A megabyte a second at most: a program in a node could keep a processor of the host busy. */
  @Test
  void aFloodIsTakenInSlowly() throws Exception {
    int lines = 100_000;
    String line = "/no/run/of/ours";
    CountDownLatch heard = new CountDownLatch(lines);
    Path pipe = directory.resolve("pipe");
    try (News news = new News(pipe, each -> heard.countDown());
        FileChannel writer = Pipe.open(pipe)) {
      news.showIn(directory);
      long begin = System.nanoTime();
      for (int i = 0; i < lines; i++) {
        Pipe.writeLine(writer, line);
      }
      heard.await();
      assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
    }
  }
}
