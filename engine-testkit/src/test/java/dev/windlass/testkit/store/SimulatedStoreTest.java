package dev.windlass.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.core.store.SqliteStore;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The simulated store is to its users what the SQLite form is. */
@Tag("slow")
@net.jqwik.api.Tag("slow")
final class SimulatedStoreTest {
  private static final int STEPS = 300;

  @Property(tries = 10)
  void itAnswersAsTheSqliteFormDoes(@ForAll long seed) throws IOException {
    Path directory = Files.createTempDirectory("windlass-stores");
    try (SqliteStore sqlite = SqliteStore.open(directory.resolve("state.db"));
        SimulatedStore simulated = soundStore(seed)) {
      Random random = new Random(seed);
      Random varied = new Random(random.nextLong());
      RandomWorld world =
          new RandomWorld(
              random,
              List.of(simulated, sqlite),
              jobs -> assertAnswerAlike(simulated, sqlite, jobs, varied.nextLong()));
      for (int i = 0; i < STEPS; i++) {
        world.step();
      }
    } finally {
      delete(directory);
    }
  }

  private static void assertAnswerAlike(
      StateStore simulated, StateStore sqlite, List<JobId> jobs, long seed) {
    assertThat(Questions.ask(simulated, jobs, seed))
        .containsExactlyEntriesOf(Questions.ask(sqlite, jobs, seed));
  }

  private static SimulatedStore soundStore(long seed) {
    SimulatedDisk disk = new SimulatedDisk(DiskFaults.none(), new Random(seed));
    return SimulatedStore.open(disk, new GroupTable(), "engine");
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  @Test
  void aClosedStoreAnswersNothing() {
    SimulatedStore store = soundStore(1);
    store.close();
    assertUnavailable(store::lastSequence);
    assertUnavailable(store::loadNotOver);
    assertUnavailable(() -> store.commit(List.of()));
    assertThat(store.engineId()).isEqualTo("engine");
    store.reopen();
    assertThat(store.lastSequence()).isZero();
  }

  @Test
  void afterAFailedCommitItReadsButCommitsNothingUntilItIsOpenedAnew() {
    DiskFaults faults = DiskFaults.none();
    SimulatedDisk disk = new SimulatedDisk(faults, new Random(1));
    SimulatedStore store = SimulatedStore.open(disk, new GroupTable(), "engine");
    faults.failNextSync();
    assertUnavailable(() -> store.commit(Groups.accepting(1)));
    assertThat(store.lastSequence()).isZero();
    assertUnavailable(() -> store.commit(Groups.accepting(2)));
    store.reopen();
    store.commit(Groups.accepting(3));
    assertThat(store.lastSequence()).isEqualTo(3);
  }

  private static void assertUnavailable(Runnable use) {
    assertThatThrownBy(use::run)
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
  }
}
