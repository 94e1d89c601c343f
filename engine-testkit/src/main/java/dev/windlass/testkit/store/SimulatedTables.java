package dev.windlass.testkit.store;

import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.Page;
import dev.windlass.Retention;
import dev.windlass.UsageTotals;
import dev.windlass.core.job.Change;
import dev.windlass.core.job.JobRecord;
import dev.windlass.core.job.ReservedRecord;
import dev.windlass.core.job.StoredJob;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The tables of the SQLite form, as maps: what the changes of all groups lead to, and the answers
 * that the tables give.
 *
 * <p>Where SQLite would refuse a change or find no row for it, the core has erred, and that is an
 * {@link AssertionError}: a simulation must not go on.
 */
final class SimulatedTables {

  /** By sequence. All maps here are sorted: the same run gives the same answers in any JVM. */
  private final NavigableMap<Long, JobRow> jobs = new TreeMap<>();

  private final Map<JobId, JobRow> byId = new TreeMap<>();
  private final Map<String, JobRow> byToken = new TreeMap<>();
  private final ClusterRows clusters = new ClusterRows();
  private final SortedMap<String, UsageTotals> byOwner = new TreeMap<>();
  private final EventTable events = new EventTable();
  private final NavigableMap<String, Integer> namedResources = new TreeMap<>();
  private long lastSequence;

  /** A time as the store keeps it: in microseconds. */
  static Optional<Instant> stored(Optional<Instant> time) {
    return time.map(
        at -> Instant.EPOCH.plus(ChronoUnit.MICROS.between(Instant.EPOCH, at), ChronoUnit.MICROS));
  }

  private static UsageTotals stored(UsageTotals used) {
    return new UsageTotals(
        used.attempts(),
        used.instanceTime().truncatedTo(ChronoUnit.MICROS),
        used.cpuTime().truncatedTo(ChronoUnit.MICROS),
        used.memoryKibSeconds(),
        used.bytesStaged(),
        used.bytesPublished());
  }

  SortedMap<String, UsageTotals> usageByOwner() {
    return new TreeMap<>(byOwner);
  }

  /** Carries out changes in their order. */
  void apply(List<Change> changes) {
    changes.forEach(this::apply);
  }

  private void apply(Change change) {
    if (change instanceof Change.InstanceChanged instance) {
      task(instance.record().sequence(), instance.record().ordinal()).write(instance.record());
    } else if (change instanceof Change.TaskChanged task) {
      task(task.record().sequence(), task.record().ordinal()).write(task.record());
    } else if (change instanceof Change.JobChanged job) {
      write(job.record());
    } else if (change instanceof Change.AttemptSuperseded superseded) {
      task(superseded.sequence(), superseded.ordinal()).supersede(superseded.index());
    } else if (change instanceof Change.WaitingInstancesStopped stopped) {
      row(stopped.sequence()).tasks().forEach(TaskRow::stopWaiting);
    } else if (change instanceof Change.WaitingInstancesOfTaskStopped stopped) {
      task(stopped.sequence(), stopped.ordinal()).stopWaiting();
    } else if (change instanceof Change.InstancesReset reset) {
      row(reset.sequence()).tasks().forEach(TaskRow::reset);
    } else if (change instanceof Change.RuleRetriesForgotten forgotten) {
      task(forgotten.sequence(), forgotten.ordinal()).forgetRuleRetries();
    } else if (change instanceof Change.CapacityReserved reserved) {
      ReservedRecord record = reserved.record();
      task(record.sequence(), record.ordinal()).reserve(record);
    } else if (change instanceof Change.CapacityReleased released) {
      task(released.sequence(), released.ordinal()).release(released.index());
    } else if (change instanceof Change.TaskReset reset) {
      task(reset.sequence(), reset.ordinal()).reset(reset.finishedToo());
    } else if (change instanceof Change.UsageAdded added) {
      UsageTotals used = stored(added.used());
      task(added.sequence(), added.ordinal()).add(used);
      byOwner.merge(added.owner(), used, UsageTotals::plus);
    } else if (change instanceof Change.OutputsPublished published) {
      task(published.sequence(), published.ordinal())
          .publish(published.index(), published.attempt(), published.manifest());
    } else if (change instanceof Change.JobAccepted accepted) {
      insert(accepted);
    } else if (change instanceof Change.NamedResourceSet set) {
      namedResources.put(set.name(), set.total());
    } else if (change instanceof Change.JobRemoved removed) {
      remove(row(removed.sequence()));
    } else if (!clusters.apply(change) && !events.apply(change)) {
      throw new AssertionError("unknown change " + change);
    }
  }

  private JobRow row(long sequence) {
    JobRow row = jobs.get(sequence);
    if (row == null) {
      throw new AssertionError("there is no job with sequence " + sequence);
    }
    return row;
  }

  private TaskRow task(long sequence, int ordinal) {
    return row(sequence).tasks().get(ordinal);
  }

  private void insert(Change.JobAccepted accepted) {
    JobRecord record = accepted.record();
    JobRow row = new JobRow(accepted);
    boolean clash = jobs.put(record.sequence(), row) != null || byId.put(record.id(), row) != null;
    if (accepted.token().isPresent()) {
      clash |= byToken.put(accepted.token().get(), row) != null;
    }
    if (clash) {
      throw new AssertionError("sequence, id or token was used before: " + accepted);
    }
    lastSequence = record.sequence();
  }

  private void write(JobRecord record) {
    JobRow row = row(record.sequence());
    row.write(record);
    if (record.deleting()) {
      freeToken(row);
    }
  }

  private void remove(JobRow row) {
    jobs.remove(row.record().sequence());
    byId.remove(row.record().id());
    freeToken(row);
  }

  /** The token of a job that is being deleted may be used again. */
  private void freeToken(JobRow row) {
    row.token().ifPresent(token -> byToken.remove(token, row));
  }

  EventTable events() {
    return events;
  }

  ClusterRows clusters() {
    return clusters;
  }

  long lastSequence() {
    return lastSequence;
  }

  /** All jobs that are not over or are being deleted, in the order of their submission. */
  List<StoredJob> loadNotOver() {
    return jobs.values().stream().filter(JobRow::isNotOver).map(JobRow::stored).toList();
  }

  /** What instances have kept, by job, task and index. */
  List<ReservedRecord> reserved() {
    return jobs.values().stream()
        .flatMap(job -> job.tasks().stream())
        .flatMap(task -> task.reserved().stream())
        .toList();
  }

  /** One job, also one that is being deleted. */
  Optional<StoredJob> load(JobId job) {
    return Optional.ofNullable(byId.get(job)).map(JobRow::stored);
  }

  SortedMap<String, Integer> namedResources() {
    return new TreeMap<>(namedResources);
  }

  Optional<JobId> jobOfToken(String token) {
    return Optional.ofNullable(byToken.get(token)).map(row -> row.record().id());
  }

  /** The row of a job that a user may see. */
  Optional<JobRow> shown(JobId job) {
    return Optional.ofNullable(byId.get(job)).filter(row -> !row.record().deleting());
  }

  /** The row of a task that a user may see. */
  Optional<TaskRow> task(JobId job, TaskName task) {
    return shown(job)
        .flatMap(row -> row.tasks().stream().filter(each -> each.name().equals(task)).findFirst());
  }

  /** A page of the jobs that a user may see, newest first. */
  Page<JobStatus> jobs(JobQuery query) {
    NavigableMap<Long, JobRow> older =
        query.after().isEmpty() ? jobs : jobs.headMap(marker(query.after().get()), false);
    List<JobRow> found =
        older.descendingMap().values().stream()
            .filter(row -> !row.record().deleting())
            .filter(row -> query.matches(row.status()))
            .limit(query.limit() + 1L)
            .toList();
    List<JobStatus> items = new ArrayList<>();
    found.stream().limit(query.limit()).map(JobRow::status).forEach(items::add);
    return found.size() > query.limit()
        ? new Page<>(
            items, Optional.of(Long.toString(found.get(query.limit() - 1).record().sequence())))
        : new Page<>(items, Optional.empty());
  }

  /** Jobs that a retention does not keep, oldest end first. */
  List<JobId> expired(Retention retention, Instant now, int most) {
    List<JobRow> ended =
        jobs.values().stream()
            .filter(row -> row.record().ended().isPresent())
            .sorted(Comparator.comparing(row -> row.record().ended().orElseThrow()))
            .toList();
    List<JobRow> deletable =
        ended.stream()
            .filter(row -> row.record().activeAttempts() == 0 && !row.record().deleting())
            .filter(row -> row.tasks().stream().allMatch(task -> task.reserved().isEmpty()))
            .toList();
    Set<JobId> found = new LinkedHashSet<>();
    retention
        .age()
        .map(now::minus)
        .ifPresent(
            since ->
                deletable.stream()
                    .filter(row -> row.record().ended().orElseThrow().isBefore(since))
                    .forEach(row -> found.add(row.record().id())));
    long tooMany = ended.size() - retention.jobs().orElse(Long.MAX_VALUE);
    deletable.stream().limit(Math.max(0, tooMany)).forEach(row -> found.add(row.record().id()));
    return found.stream().limit(most).toList();
  }

  /** When the job that has ended first did so. */
  Optional<Instant> oldestEnd() {
    return jobs.values().stream()
        .flatMap(row -> row.record().ended().stream())
        .min(Comparator.naturalOrder());
  }

  /** Reads where a listing goes on. */
  static long marker(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new EngineException(
          ErrorCode.MALFORMED, text, "'" + text + "' is not a marker of this listing", e);
    }
  }
}
