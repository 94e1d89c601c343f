package dev.windlass.core.store;

import dev.windlass.Retention;
import dev.windlass.job.JobId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which jobs are to be deleted because a retention does not keep them. */
final class ExpiredJobs {

  /** Has ended, and nothing of it runs or is kept. */
  private static final String DELETABLE =
      "SELECT id FROM job INDEXED BY job_ended WHERE ended NOTNULL AND active_attempts = 0"
          + " AND NOT deleting AND NOT EXISTS (SELECT 1 FROM reserved r WHERE r.job = seq)";

  private static final String OLDEST_FIRST = " ORDER BY ended, seq LIMIT ?";

  private final SqliteReader reader;

  ExpiredJobs(SqliteReader reader) {
    this.reader = reader;
  }

  /** At most so many, oldest first. */
  List<JobId> find(Retention retention, Instant now, int most) throws SQLException {
    Set<JobId> found = new LinkedHashSet<>();
    if (retention.age().isPresent()) {
      long since = Columns.microsFrom(now.minus(retention.age().get()));
      found.addAll(jobs(DELETABLE + " AND ended < ?" + OLDEST_FIRST, since, most));
    }
    if (retention.jobs().isPresent()) {
      long tooMany =
          count("SELECT count(*) FROM job WHERE ended NOTNULL") - retention.jobs().getAsLong();
      found.addAll(jobs(DELETABLE + OLDEST_FIRST, Math.max(0, Math.min(tooMany, most))));
    }
    if (retention.stateBytes().isPresent() && isLarger(retention.stateBytes().getAsLong())) {
      found.addAll(jobs(DELETABLE + OLDEST_FIRST, most));
    }
    return new ArrayList<>(found).subList(0, Math.min(most, found.size()));
  }

  /** What is on its way out does not count. */
  private boolean isLarger(long bytes) throws SQLException {
    long used =
        (count("PRAGMA page_count") - count("PRAGMA freelist_count")) * count("PRAGMA page_size");
    return used > bytes && count("SELECT count(*) FROM garbage") == 0;
  }

  private List<JobId> jobs(String sql, Object... arguments) throws SQLException {
    return reader.all(sql, row -> new JobId(row.getString(1)), arguments);
  }

  private long count(String sql) throws SQLException {
    return reader.first(sql, row -> row.getLong(1)).orElseThrow();
  }

  /** When the job ended that has ended first, of those that are still there. */
  Optional<Instant> oldestEnd() throws SQLException {
    return reader
        .first(
            "SELECT min(ended) AS oldest FROM job WHERE ended NOTNULL",
            row -> Columns.time(row, "oldest"))
        .flatMap(oldest -> oldest);
  }
}
