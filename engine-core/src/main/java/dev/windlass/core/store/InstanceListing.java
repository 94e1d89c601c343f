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
    boolean recordsOnly = query.state().isPresent() && query.state().get() != stateWithoutRecord();
    List<InstanceStatus> found =
        recordsOnly
            ? reader.instances(job, task, key, query.state().get(), from, query.limit() + 1)
            : filled(query.state(), from, query.limit() + 1);
    if (found.size() <= query.limit()) {
      return new Page<>(found, Optional.empty());
    }
    List<InstanceStatus> items = found.subList(0, query.limit());
    return new Page<>(
        items, Optional.of(Integer.toString(items.get(items.size() - 1).id().index())));
  }

  /** Records and, between and after them, instances without one. */
  private List<InstanceStatus> filled(Optional<State> only, long from, int limit)
      throws SQLException {
    List<InstanceStatus> found = new ArrayList<>();
    long next = Math.max(0, from);
    while (found.size() < limit && next < key.instanceCount()) {
      long end = Math.min(key.instanceCount(), next + STRIDE);
      for (InstanceStatus record : reader.instances(job, task, key, next, STRIDE)) {
        if (record.id().index() >= end) {
          break;
        }
        fill(found, only, next, record.id().index(), limit);
        add(found, only, record, limit);
        next = record.id().index() + 1L;
      }
      fill(found, only, next, end, limit);
      next = end;
    }
    return found;
  }

  private void fill(
      List<InstanceStatus> found, Optional<State> only, long from, long to, int limit) {
    for (long index = from; index < to && found.size() < limit; index++) {
      add(found, only, withoutRecord((int) index), limit);
    }
  }

  private static void add(
      List<InstanceStatus> found, Optional<State> only, InstanceStatus status, int limit) {
    if (found.size() < limit && (only.isEmpty() || only.get() == status.state())) {
      found.add(status);
    }
  }
}
