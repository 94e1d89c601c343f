package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.Engine;
import dev.windlass.testkit.crash.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A host is killed at random moments; who resumes from a position has seen every event in order,
 * none missing. {@code -Dwindlass.tests.feed-kills=50} kills it so often.
 */
@Tag("slow")
@Timeout(600)
final class FeedCrashTest {
  private static final int KILLS = Integer.getInteger("windlass.tests.feed-kills", 5);
  private static final int LONGEST_LIFE_MILLIS = 400;
  private static final int MORE_THAN_A_LIFE = 1_000_000;

  @TempDir Path directory;

  @Test
  void whoResumesFromItsPositionHasSeenEveryEventInOrder() throws Exception {
    long seed = Long.getLong("windlass.tests.seed", System.nanoTime());
    System.out.println("seed of the kills: -Dwindlass.tests.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < KILLS; i++) {
      try (ChildJvm host = ChildJvm.start(FeedHost.class, directory, MORE_THAN_A_LIFE)) {
        assertThat(host.line()).isEqualTo("open");
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_LIFE_MILLIS)); // the moment is random
        host.kill();
      }
    }
    try (ChildJvm host = ChildJvm.start(FeedHost.class, directory, 2)) {
      assertThat(host.line()).isEqualTo("open");
      assertThat(host.line()).isEqualTo("closed");
    }

    long last;
    try (Engine engine = FeedHost.open(directory)) {
      last = engine.lastPosition();
    }
    List<Long> own = FeedHost.positions(directory.resolve("own"));
    List<Long> all = LongStream.rangeClosed(1, last).boxed().toList();
    assertThat(own).isEqualTo(all);
    assertTold(FeedHost.positions(directory.resolve("kept")), last);
  }

  /** Each position was told, and none before the one before it. */
  private static void assertTold(List<Long> told, long last) {
    long highest = 0;
    for (long position : told) {
      assertThat(position).as("after %d", highest).isLessThanOrEqualTo(highest + 1);
      highest = Math.max(highest, position);
    }
    assertThat(highest).isEqualTo(last);
  }
}
