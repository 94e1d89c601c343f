package dev.windlass.testkit.store;

import dev.windlass.AttemptStatus;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.Manifest;
import dev.windlass.Page;
import dev.windlass.Retention;
import dev.windlass.TaskStatus;
import dev.windlass.UsageTotals;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.core.cluster.StoredCluster;
import dev.windlass.core.job.Change;
import dev.windlass.core.job.ReservedRecord;
import dev.windlass.core.job.StoredJob;
import dev.windlass.core.store.EventSpan;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A state store that answers as the SQLite form does, in memory, and is durable on a {@link
 * SimulatedDisk}.
 *
 * <p>A store is gone with the host that opened it; the next host opens another on the same disk and
 * with the same {@link GroupTable}. Not for use by several threads.
 */
public final class SimulatedStore implements StateStore {
  private final GroupLog log;
  private final String engineId;
  private final List<Integer> committed = new ArrayList<>();

  /** What is committed; null while the store is not open. */
  private @Nullable SimulatedTables tables;

  /** A commit has failed and nothing is known of it. */
  private boolean failed;

  private SimulatedStore(GroupLog log, String engineId) {
    this.log = log;
    this.engineId = engineId;
  }

  /**
   * Opens the store on a disk, or makes it there.
   *
   * @param groups what was given to all earlier stores on the disk
   * @throws EngineException {@code STORE_UNAVAILABLE} if the disk cannot be written
   */
  public static SimulatedStore open(SimulatedDisk disk, GroupTable groups, String engineId) {
    SimulatedStore store = new SimulatedStore(new GroupLog(disk, groups), engineId);
    store.reopen();
    return store;
  }

  /**
   * The numbers of the groups that the store holds, in their order: found on opening, or
   * acknowledged since.
   */
  public List<Integer> committed() {
    return List.copyOf(committed);
  }

  /** Says whether it can be asked. */
  public boolean isOpen() {
    return tables != null;
  }

  @Override
  public void reopen() {
    close();
    try {
      List<Integer> numbers = log.open();
      SimulatedTables read = new SimulatedTables();
      numbers.forEach(number -> read.apply(log.group(number)));
      committed.clear();
      committed.addAll(numbers);
      tables = read;
      failed = false;
    } catch (IOException e) {
      throw unavailable("could not be opened", e);
    }
  }

  @Override
  public void commit(List<Change> changes) {
    SimulatedTables target = tables();
    if (failed) {
      throw unavailable("must be opened anew after a commit that failed", null);
    }
    // Until the disk has answered, and also if the host ends meanwhile.
    failed = true;
    int number;
    try {
      number = log.append(changes);
    } catch (IOException e) {
      throw unavailable("could not be written", e);
    }
    failed = false;
    target.apply(changes);
    committed.add(number);
  }

  @Override
  public String engineId() {
    return engineId;
  }

  @Override
  public long lastSequence() {
    return tables().lastSequence();
  }

  /** Its size is not bounded: it is a memory. */
  @Override
  public List<JobId> expired(Retention retention, Instant now, int most) {
    return tables().expired(retention, now, most);
  }

  @Override
  public Optional<Instant> oldestEnd() {
    return tables().oldestEnd();
  }

  /** What was removed has gone at once. */
  @Override
  public boolean collect(int rows) {
    return false;
  }

  @Override
  public List<StoredJob> loadNotOver() {
    return tables().loadNotOver();
  }

  @Override
  public List<StoredCluster> loadClusters() {
    return tables().clusters().stored();
  }

  @Override
  public Optional<ClusterStatus> cluster(ClusterName cluster) {
    return tables().clusters().status(cluster);
  }

  @Override
  public List<ClusterStatus> clusters() {
    return tables().clusters().statuses();
  }

  @Override
  public List<NodeStatus> nodes(ClusterName cluster) {
    return tables().clusters().nodes(cluster);
  }

  @Override
  public List<ReservedRecord> reserved() {
    return tables().reserved();
  }

  @Override
  public Optional<StoredJob> load(JobId job) {
    return tables().load(job);
  }

  @Override
  public SortedMap<String, Integer> namedResources() {
    return tables().namedResources();
  }

  @Override
  public Optional<JobId> jobOfToken(String token) {
    return tables().jobOfToken(token);
  }

  @Override
  public Optional<JobStatus> job(JobId job) {
    return tables().shown(job).map(JobRow::status);
  }

  @Override
  public Optional<JobDescription> description(JobId job) {
    return tables().shown(job).map(JobRow::description);
  }

  @Override
  public Page<JobStatus> jobs(JobQuery query) {
    return tables().jobs(query);
  }

  @Override
  public List<TaskStatus> tasks(JobId job) {
    return tables().shown(job).map(JobRow::taskStatuses).orElse(List.of());
  }

  @Override
  public Optional<Page<InstanceStatus>> instances(JobId job, TaskName task, InstanceQuery query) {
    return tables().task(job, task).map(row -> row.page(query));
  }

  @Override
  public Optional<InstanceStatus> instance(InstanceId instance) {
    return tables()
        .task(instance.job(), instance.task())
        .flatMap(row -> row.status(instance.index()));
  }

  @Override
  public List<AttemptStatus> attempts(InstanceId instance) {
    return tables()
        .task(instance.job(), instance.task())
        .map(row -> row.attempts(instance.index()))
        .orElse(List.of());
  }

  @Override
  public EventPage events(EventQuery query) {
    return tables().events().page(query);
  }

  @Override
  public EventSpan eventSpan() {
    return tables().events().span();
  }

  @Override
  public OptionalLong consumer(String name) {
    return tables().events().consumer(name);
  }

  @Override
  public Manifest outputs(AttemptId attempt) {
    return tables()
        .task(attempt.job(), attempt.instance().task())
        .map(row -> row.outputs(attempt.instance().index(), attempt.number()))
        .orElse(Manifest.empty());
  }

  @Override
  public UsageTotals usage(JobId job, Optional<TaskName> task) {
    return task.isPresent()
        ? tables().task(job, task.get()).map(TaskRow::usage).orElse(UsageTotals.NONE)
        : tables().shown(job).map(JobRow::tasks).orElse(List.of()).stream()
            .map(TaskRow::usage)
            .reduce(UsageTotals.NONE, UsageTotals::plus);
  }

  @Override
  public SortedMap<String, UsageTotals> usageByOwner() {
    return tables().usageByOwner();
  }

  private SimulatedTables tables() {
    if (tables == null) {
      throw unavailable("is not open", null);
    }
    return tables;
  }

  private static EngineException unavailable(String what, @Nullable IOException cause) {
    String reason = cause == null ? "" : ": " + cause.getMessage();
    return new EngineException(
        ErrorCode.STORE_UNAVAILABLE, "simulated", "the simulated store " + what + reason, cause);
  }

  @Override
  public void close() {
    tables = null;
  }
}
