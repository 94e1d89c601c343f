package dev.windlass.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/**
 * A power cut leaves of SQLite's write-ahead log what happened to be written, and garbage: whatever
 * it is, the store opens, is sound, and holds the groups whose bytes are there, each whole, up to
 * the first that is not.
 */
@Tag("slow")
final class TornLogTest {
  private static final int DAMAGES = 6;

  // The form of the log: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
  private static final int LOG_HEADER_BYTES = 32;
  private static final int PAGE_BYTES = 8;
  private static final int SALTS = 16;
  private static final int FRAME_HEADER_BYTES = 24;
  private static final int FRAME_SALTS = 8;

  /** What becomes of the log from a position on. */
  private enum Damage {
    /** Nothing of it was written. */
    CUT,
    /** The file was made longer, and nothing was written there. */
    ZERO,
    /** Something else is there. */
    GARBAGE,
    /** One byte is wrong. */
    FLIP
  }

  @Property(tries = 40)
  void itHoldsTheGroupsBeforeTheDamage(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 10) int count) throws IOException {
    Random random = new Random(seed);
    try (Trial trial = new Trial(random, 200)) {
      for (int i = 0; i < count; i++) {
        trial.commit();
      }
      byte[] state = Files.readAllBytes(trial.state());
      byte[] log = Files.readAllBytes(trial.log());
      assertThat(trial.reopened(state, log)).isEqualTo(trial.snapshots.get(count));
      for (int i = 0; i < DAMAGES; i++) {
        int end = trial.ends.get(count - 1);
        int position = random.nextInt(end);
        int whole = (int) trial.ends.stream().filter(each -> each <= position).count();
        assertThat(trial.reopened(state, damaged(log, position, end, random)))
            .isEqualTo(trial.snapshots.get(whole));
      }
    }
  }

  @Property(tries = 3)
  void itHoldsAllButTheLastGroupIfTheLogWasUsedBefore(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    try (Trial trial = new Trial(random, 300_000)) {
      // SQLite copies the log into the state file at 1,000 pages and begins it anew.
      while (trial.beginnings < 2) {
        trial.commit();
      }
      byte[] stateBefore = Files.readAllBytes(trial.state());
      trial.commit();
      byte[] state = Files.readAllBytes(trial.state());
      byte[] log = Files.readAllBytes(trial.log());
      assertThat(state).isEqualTo(stateBefore);
      int last = trial.snapshots.size() - 1;
      assertThat(trial.reopened(state, log)).isEqualTo(trial.snapshots.get(last));
      int start = trial.ends.get(last - 2);
      int end = trial.ends.get(last - 1);
      for (int i = 0; i < DAMAGES; i++) {
        int position = start + random.nextInt(end - start);
        assertThat(trial.reopened(state, damaged(log, position, end, random)))
            .isEqualTo(trial.snapshots.get(last - 1));
      }
    }
  }

  /**
   * A process may have met a failed sync and ended: the log that it leaves is read, and no sync
   * makes it durable any more. Only what is written anew is.
   */
  @Property(tries = 5)
  void whatAnOpenedStoreHoldsIsWrittenAnew(@ForAll long seed) throws IOException {
    try (Trial trial = new Trial(new Random(seed), 200)) {
      trial.commit();
      trial.commit();
      byte[] state = Files.readAllBytes(trial.state());
      byte[] log = Files.readAllBytes(trial.log());
      byte[] written = trial.stateFileOnceOpen(state, log);
      assertThat(trial.reopened(written, new byte[0])).isEqualTo(trial.snapshots.get(2));
    }
  }

  /** The log with other bytes at a position, or from there to an end. */
  private static byte[] damaged(byte[] log, int position, int end, Random random) {
    byte[] damaged = log.clone();
    return switch (Damage.values()[random.nextInt(Damage.values().length)]) {
      case CUT -> Arrays.copyOf(log, position);
      case ZERO -> {
        Arrays.fill(damaged, position, end, (byte) 0);
        yield damaged;
      }
      case GARBAGE -> {
        byte[] garbage = new byte[end - position];
        random.nextBytes(garbage);
        System.arraycopy(garbage, 0, damaged, position, garbage.length);
        damaged[position] = (byte) ~log[position];
        yield damaged;
      }
      case FLIP -> {
        damaged[position] ^= (byte) (1 << random.nextInt(8));
        yield damaged;
      }
    };
  }

  /** A store, and what it held after each group. */
  private static final class Trial implements AutoCloseable {
    final List<List<Object>> snapshots = new ArrayList<>();

    /** Where in the log each group ends. */
    final List<Integer> ends = new ArrayList<>();

    /** How often the log was begun anew. */
    int beginnings;

    private final Path directory;
    private final SqliteStore store;
    private final RandomGroups groups;
    private long salts;

    Trial(Random random, int bulk) throws IOException {
      directory = Files.createTempDirectory("windlass-torn");
      store = SqliteStore.open(state());
      groups = new RandomGroups(random, bulk);
      snapshots.add(groups.snapshot(store));
    }

    Path state() {
      return directory.resolve("state.db");
    }

    Path log() {
      return directory.resolve("state.db-wal");
    }

    void commit() throws IOException {
      store.commit(groups.next());
      snapshots.add(groups.snapshot(store));
      ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(log()));
      ends.add(end(log));
      if (log.getLong(SALTS) != salts) {
        salts = log.getLong(SALTS);
        beginnings++;
      }
    }

    /** Where the last frame ends that was written since the log was begun anew. */
    private static int end(ByteBuffer log) {
      int frameBytes = FRAME_HEADER_BYTES + log.getInt(PAGE_BYTES);
      int end = LOG_HEADER_BYTES;
      while (end + frameBytes <= log.limit()
          && log.getLong(end + FRAME_SALTS) == log.getLong(SALTS)) {
        end += frameBytes;
      }
      return end;
    }

    /** What a store holds that finds these files. */
    List<Object> reopened(byte[] state, byte[] log) throws IOException {
      try (SqliteStore copy = SqliteStore.open(copy(state, log))) {
        return groups.snapshot(copy);
      }
    }

    /** The state file of a store that finds these files, while it is open. */
    byte[] stateFileOnceOpen(byte[] state, byte[] log) throws IOException {
      Path file = copy(state, log);
      try (SqliteStore copy = SqliteStore.open(file)) {
        assertThat(copy.lastSequence()).isPositive();
        return Files.readAllBytes(file);
      }
    }

    private Path copy(byte[] state, byte[] log) throws IOException {
      Path file = directory.resolve("copy.db");
      Files.write(file, state);
      Files.write(directory.resolve("copy.db-wal"), log);
      Files.deleteIfExists(directory.resolve("copy.db-shm"));
      return file;
    }

    @Override
    public void close() throws IOException {
      store.close();
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }
}
