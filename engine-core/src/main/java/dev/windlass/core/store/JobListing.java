package dev.windlass.core.store;

import dev.windlass.JobQuery;
import dev.windlass.job.State;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which jobs are on a page of a listing, as one query for their sequences.
 *
 * <p>What is asked for decides which index is walked, newest job first, so that a page costs what
 * it holds: that of a label, of an owner and a state, of a name, or of a state. Where several
 * states are asked for each has a walk of its own, and the walks are merged; no state's walk is
 * longer than a page. What an index does not tell is looked up job by job.
 */
final class JobListing {
  private final String sql;
  private final List<Object> arguments = new ArrayList<>();

  /** The query of a page, and one job more if there is another page. */
  JobListing(JobQuery query) {
    // An owner's jobs are kept by state.
    Set<State> states =
        query.states().isEmpty() && query.owner().isPresent() && query.labels().isEmpty()
            ? EnumSet.allOf(State.class)
            : query.states();
    List<String> walks = new ArrayList<>();
    if (states.isEmpty() || !query.labels().isEmpty()) {
      walks.add(walk(query, states));
    } else {
      states.forEach(state -> walks.add(walk(query, EnumSet.of(state))));
    }
    sql = String.join(" UNION ALL ", walks) + " ORDER BY 1 DESC LIMIT ?";
    arguments.add(query.limit() + 1);
  }

  String sql() {
    return sql;
  }

  Object[] arguments() {
    return arguments.toArray();
  }

  private String walk(JobQuery query, Set<State> states) {
    StringBuilder walk = new StringBuilder("SELECT * FROM (SELECT j.seq FROM ");
    List<Map.Entry<String, String>> labels = new ArrayList<>(query.labels().entrySet());
    String order = "j.seq";
    if (!labels.isEmpty()) {
      Map.Entry<String, String> first = labels.remove(0);
      walk.append("job_label l CROSS JOIN job j ON j.seq = l.job WHERE l.name = ? AND l.value = ?");
      arguments.add(first.getKey());
      arguments.add(first.getValue());
      order = "l.job";
    } else {
      walk.append("job j").append(index(query, states)).append(" WHERE 1");
    }
    walk.append(" AND NOT j.deleting");
    conditions(query, states, order, walk);
    for (Map.Entry<String, String> label : labels) {
      walk.append(" AND EXISTS (SELECT 1 FROM job_label m")
          .append(" WHERE m.name = ? AND m.value = ? AND m.job = j.seq)");
      arguments.add(label.getKey());
      arguments.add(label.getValue());
    }
    arguments.add(query.limit() + 1);
    return walk.append(" ORDER BY ").append(order).append(" DESC LIMIT ?)").toString();
  }

  /** Left to itself the planner may walk all jobs to spare the sorting of none. */
  private static String index(JobQuery query, Set<State> states) {
    if (query.owner().isPresent()) {
      return " INDEXED BY job_owner";
    } else if (query.name().isPresent()) {
      return " INDEXED BY job_name";
    }
    return states.isEmpty() ? " NOT INDEXED" : " INDEXED BY job_state";
  }

  private void conditions(JobQuery query, Set<State> states, String sequence, StringBuilder walk) {
    query.owner().ifPresent(owner -> add(walk, " AND j.owner = ?", owner));
    if (!states.isEmpty()) {
      walk.append(" AND j.state IN (?").append(", ?".repeat(states.size() - 1)).append(")");
      states.forEach(state -> arguments.add(state.serviceName()));
    }
    query.name().ifPresent(name -> add(walk, " AND j.name = ?", name));
    created(query, "j.", walk);
    if (query.createdFrom().isPresent() || query.createdBefore().isPresent()) {
      // Mostly the walk may begin and end with the times; where the clock was set it may not.
      bound(query, " AND " + sequence + " >= ", "min", walk);
      bound(query, " AND " + sequence + " <= ", "max", walk);
    }
    query
        .after()
        .ifPresent(marker -> add(walk, " AND " + sequence + " < ?", SqliteReader.marker(marker)));
  }

  private void bound(JobQuery query, String compared, String extreme, StringBuilder walk) {
    walk.append(compared)
        .append("coalesce((SELECT ")
        .append(extreme)
        .append("(seq) FROM job INDEXED BY job_created WHERE created NOTNULL");
    created(query, "", walk);
    walk.append("), 0)");
  }

  private void created(JobQuery query, String table, StringBuilder walk) {
    query
        .createdFrom()
        .ifPresent(from -> add(walk, " AND " + table + "created >= ?", Columns.microsFrom(from)));
    query
        .createdBefore()
        .ifPresent(end -> add(walk, " AND " + table + "created < ?", Columns.microsFrom(end)));
  }

  private void add(StringBuilder walk, String condition, Object argument) {
    walk.append(condition);
    arguments.add(argument);
  }
}
