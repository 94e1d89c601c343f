package dev.windlass.core.store;

import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.Page;
import dev.windlass.core.store.SqliteReader.TaskKey;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import dev.windlass.job.Usage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Lists the instances of a task, also those that have no record because they never had an attempt.
 */
final class InstanceListing {

  /** How many indexes are looked at in one query while looking for instances without a record. */
  private static final int STRIDE = 1_000;

  private final SqliteReader reader;
  private final JobId job;
  private final TaskName task;
  private final TaskKey key;

  InstanceListing(SqliteReader reader, JobId job, TaskName task, TaskKey key) {
    this.reader = reader;
    this.job = job;
    this.task = task;
    this.key = key;
  }

  /** An instance without a record stands as its task does. */
  InstanceStatus withoutRecord(int index) {
    return new InstanceStatus(
        new InstanceId(job, task, index),
        stateWithoutRecord(),
        0,
        0,
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Usage.unknown(),
        OptionalInt.empty());
  }

  private State stateWithoutRecord() {
    return key.state().isEnded() ? State.STOPPED : State.WAITING;
  }

  Page<InstanceStatus> page(InstanceQuery query) throws SQLException {
    long from = query.after().map(marker -> SqliteReader.marker(marker) + 1).orElse(0L);
    List<InstanceStatus> found = find(query, from);
    if (found.size() <= query.limit()) {
      return new Page<>(found, Optional.empty());
    }
    List<InstanceStatus> items = found.subList(0, query.limit());
    return new Page<>(
        items, Optional.of(Integer.toString(items.get(items.size() - 1).id().index())));
  }

  private List<InstanceStatus> find(InstanceQuery query, long from) throws SQLException {
    int limit = query.limit() + 1;
    if (!query.matches(stateWithoutRecord())) {
      return reader.instances(job, task, key, query.states(), from, limit);
    }
    if (!query.states().isEmpty()) {
      OptionalInt begun = reader.begunWithoutGap(key);
      if (begun.isPresent()) {
        return recordsAndRest(query, from, begun.getAsInt(), limit);
      }
    }
    return filled(query, from);
  }

  /** Every instance below an index has a record, and no other has. */
  private List<InstanceStatus> recordsAndRest(InstanceQuery query, long from, int begun, int limit)
      throws SQLException {
    List<InstanceStatus> found =
        new ArrayList<>(reader.instances(job, task, key, query.states(), from, limit));
    // One that has begun since then is shown as one that has not.
    found.removeIf(record -> record.id().index() >= begun);
    fill(found, query, Math.max(from, begun), key.instanceCount(), limit);
    return found;
  }

  /** Records and, between and after them, instances without one. */
  private List<InstanceStatus> filled(InstanceQuery query, long from) throws SQLException {
    int limit = query.limit() + 1;
    List<InstanceStatus> found = new ArrayList<>();
    long next = Math.max(0, from);
    while (found.size() < limit && next < key.instanceCount()) {
      long end = Math.min(key.instanceCount(), next + STRIDE);
      for (InstanceStatus record : reader.instances(job, task, key, next, STRIDE)) {
        if (record.id().index() >= end) {
          break;
        }
        fill(found, query, next, record.id().index(), limit);
        add(found, query, record, limit);
        next = record.id().index() + 1L;
      }
      fill(found, query, next, end, limit);
      next = end;
    }
    return found;
  }

  private void fill(
      List<InstanceStatus> found, InstanceQuery query, long from, long to, int limit) {
    for (long index = from; index < to && found.size() < limit; index++) {
      add(found, query, withoutRecord((int) index), limit);
    }
  }

  private static void add(
      List<InstanceStatus> found, InstanceQuery query, InstanceStatus status, int limit) {
    if (found.size() < limit && query.matches(status.state())) {
      found.add(status);
    }
  }
}
