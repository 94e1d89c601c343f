package dev.windlass.core.store;

import dev.windlass.event.Event;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.event.RecordedEvent;
import dev.windlass.job.InstanceId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the journal. */
final class EventReader {

  /** A page looks through so many events at most, so that others need not wait long. */
  private static final int MOST_LOOKED_AT = 10_000;

  private final Connection connection;
  private final SqliteReader reader;

  EventReader(Connection connection, SqliteReader reader) {
    this.connection = connection;
    this.reader = reader;
  }

  EventSpan span() throws SQLException {
    return reader
        .first(
            "SELECT (SELECT min(position) FROM event) AS oldest,"
                + " (SELECT max(position) FROM event) AS last",
            row ->
                row.getLong("last") == 0
                    ? new EventSpan(1, 0)
                    : new EventSpan(row.getLong("oldest"), row.getLong("last")))
        .orElseThrow();
  }

  EventPage page(EventQuery query) throws SQLException {
    EventSpan span = span();
    long after = query.after().orElse(span.oldest() - 1);
    span.check(after);
    EventFilter filter = query.filter();
    // The events of one job are found by an index; else all are looked through.
    long end =
        filter.job().isPresent() ? span.last() : Math.min(span.last(), after + MOST_LOOKED_AT);
    List<RecordedEvent> found = find(filter, after, end, query.limit());
    if (query.after().isPresent()) {
      span().check(after); // what was purged meanwhile was not found
    }
    if (found.size() == query.limit()) {
      end = found.get(found.size() - 1).position();
    }
    return new EventPage(found, end, end < span.last());
  }

  private List<RecordedEvent> find(EventFilter filter, long after, long end, int limit)
      throws SQLException {
    List<Object> arguments = new ArrayList<>(List.of(after, end));
    StringBuilder sql =
        new StringBuilder("SELECT * FROM event WHERE position > ? AND position <= ?");
    filter
        .job()
        .ifPresent(
            job -> {
              sql.append(" AND job_key = ? AND job = ?");
              arguments.add(EventRows.key(job));
              arguments.add(job.value());
            });
    if (filter.instance().isPresent()) {
      InstanceId instance = filter.instance().get();
      sql.append(" AND task = ? AND idx = ?");
      arguments.add(instance.task().value());
      arguments.add(instance.index());
    }
    Set<Event.Kind> kinds = filter.possibleKinds();
    if (kinds.size() < Event.Kind.values().length) {
      sql.append(" AND kind IN (")
          .append(String.join(", ", Collections.nCopies(kinds.size(), "?")))
          .append(')');
      kinds.forEach(kind -> arguments.add(kind.name()));
    }
    return find(sql.append(" ORDER BY position").toString(), arguments, filter, limit);
  }

  /** Ends as soon as there is enough: a limit of the statement would not know of names. */
  private List<RecordedEvent> find(
      String sql, List<Object> arguments, EventFilter filter, int limit) throws SQLException {
    List<RecordedEvent> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.size(); i++) {
        statement.setObject(i + 1, arguments.get(i));
      }
      try (ResultSet row = statement.executeQuery()) {
        while (found.size() < limit && row.next()) {
          RecordedEvent recorded = EventRows.read(row);
          if (filter.passes(recorded.event())) {
            found.add(recorded);
          }
        }
      }
    }
    return found;
  }

  OptionalLong consumer(String name) throws SQLException {
    return reader
        .first("SELECT position FROM consumer WHERE name = ?", row -> row.getLong(1), name)
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }
}
