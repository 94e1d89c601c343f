package dev.windlass.executor.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** News are heard whatever became of those before, and end when nobody wants them any more. */
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
}
