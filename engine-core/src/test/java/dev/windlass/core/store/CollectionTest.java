package dev.windlass.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.Retention;
import dev.windlass.core.job.Change;
import dev.windlass.job.JobId;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of jobs that were removed goes little by little, and its room is used again. */
final class CollectionTest {
  private static final int JOBS = 40;

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("state.db");
  }

  private long count(String table) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Jobs of a few instances and attempts. */
  private static List<Long> fill(SqliteStore store) {
    RandomGroups groups = new RandomGroups(new Random(7), 100);
    List<Long> jobs = new ArrayList<>();
    while (jobs.size() < JOBS) {
      List<Change> group = groups.next();
      store.commit(group);
      if (group.get(0) instanceof Change.JobAccepted accepted) {
        jobs.add(accepted.record().sequence());
      }
    }
    return jobs;
  }

  private static void remove(SqliteStore store, List<Long> jobs) {
    for (long sequence : jobs) {
      JobId id = new JobId(String.format("job-%032x", sequence));
      store.commit(List.of(new Change.JobRemoved(id, sequence)));
    }
  }

  @Test
  void itGoesInStepsAndIsGoneAtLastAlsoInANewLife() throws SQLException {
    int steps = 0;
    try (SqliteStore store = SqliteStore.open(file())) {
      List<Long> jobs = fill(store);
      assertThat(store.collect(10)).isFalse();
      remove(store, jobs);
      long before = count("instance") + count("attempt");
      assertThat(store.collect(10)).isTrue();
      assertThat(before - count("instance") - count("attempt")).isBetween(1L, 10L);
    }
    try (SqliteStore store = SqliteStore.open(file())) {
      while (store.collect(10)) {
        steps++;
      }
      assertThat(store.collect(10)).isFalse();
    }
    assertThat(steps).isGreaterThan(10);
    for (String table : List.of("instance", "attempt", "task", "job", "job_label", "garbage")) {
      assertThat(count(table)).as(table).isZero();
    }
  }

  @Test
  void ofAStateThatIsTooLargeJobsAreToGoUntilWhatIsLeftOfThemHasGone() {
    try (SqliteStore store = SqliteStore.open(file())) {
      store.collect(10);
      List<Long> jobs = fill(store);
      store.commit(List.of(new Change.JobChanged(ListingTest.ended(jobs.get(0)))));
      Retention small = Retention.forever().atMostStateBytes(10_000);
      assertThat(store.expired(small, Instant.EPOCH, 5)).hasSize(1);
      assertThat(store.expired(Retention.forever().atMostStateBytes(1L << 40), Instant.EPOCH, 5))
          .isEmpty();

      remove(store, jobs.subList(1, 2));
      assertThat(store.expired(small, Instant.EPOCH, 5)).isEmpty();
      while (store.collect(100)) {}
      assertThat(store.expired(small, Instant.EPOCH, 5)).hasSize(1);
    }
  }
}
