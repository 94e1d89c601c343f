package dev.windlass.testkit.simulation.check;

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
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/** A store beside which it is written down what it acknowledges. */
public final class ObservedStore implements StateStore {

  /** Is told of commits. */
  public interface Observer {
    /** A commit begins; whether it will be durable is not known before it is acknowledged. */
    void begun(List<Change> changes);

    /** The commit that began last is durable. */
    void acknowledged(List<Change> changes);

    /** The store was opened anew. */
    void reopened(StateStore store);
  }

  private final String engineId;
  private final StateStore store;
  private final Observer observer;

  /**
   * Observes a store.
   *
   * @param engineId in the place of the one that the store made up: ids of jobs begin with it, and
   *     the same seed gives the same run
   */
  public ObservedStore(String engineId, StateStore store, Observer observer) {
    this.engineId = engineId;
    this.store = store;
    this.observer = observer;
  }

  @Override
  public void commit(List<Change> changes) {
    observer.begun(changes);
    store.commit(changes);
    observer.acknowledged(changes);
  }

  @Override
  public void reopen() {
    store.reopen();
    observer.reopened(store);
  }

  @Override
  public String engineId() {
    return engineId;
  }

  @Override
  public long lastSequence() {
    return store.lastSequence();
  }

  @Override
  public List<JobId> expired(Retention retention, Instant now, int most) {
    return store.expired(retention, now, most);
  }

  @Override
  public Optional<Instant> oldestEnd() {
    return store.oldestEnd();
  }

  @Override
  public boolean collect(int rows) {
    return store.collect(rows);
  }

  @Override
  public List<StoredJob> loadNotOver() {
    return store.loadNotOver();
  }

  @Override
  public List<StoredCluster> loadClusters() {
    return store.loadClusters();
  }

  @Override
  public Optional<ClusterStatus> cluster(ClusterName cluster) {
    return store.cluster(cluster);
  }

  @Override
  public List<ClusterStatus> clusters() {
    return store.clusters();
  }

  @Override
  public List<NodeStatus> nodes(ClusterName cluster) {
    return store.nodes(cluster);
  }

  @Override
  public List<ReservedRecord> reserved() {
    return store.reserved();
  }

  @Override
  public Optional<StoredJob> load(JobId job) {
    return store.load(job);
  }

  @Override
  public SortedMap<String, Integer> namedResources() {
    return store.namedResources();
  }

  @Override
  public Optional<JobId> jobOfToken(String token) {
    return store.jobOfToken(token);
  }

  @Override
  public Optional<JobStatus> job(JobId job) {
    return store.job(job);
  }

  @Override
  public Optional<JobDescription> description(JobId job) {
    return store.description(job);
  }

  @Override
  public Page<JobStatus> jobs(JobQuery query) {
    return store.jobs(query);
  }

  @Override
  public List<TaskStatus> tasks(JobId job) {
    return store.tasks(job);
  }

  @Override
  public Optional<Page<InstanceStatus>> instances(JobId job, TaskName task, InstanceQuery query) {
    return store.instances(job, task, query);
  }

  @Override
  public Optional<InstanceStatus> instance(InstanceId instance) {
    return store.instance(instance);
  }

  @Override
  public List<AttemptStatus> attempts(InstanceId instance) {
    return store.attempts(instance);
  }

  @Override
  public EventPage events(EventQuery query) {
    return store.events(query);
  }

  @Override
  public EventSpan eventSpan() {
    return store.eventSpan();
  }

  @Override
  public OptionalLong consumer(String name) {
    return store.consumer(name);
  }

  @Override
  public Manifest outputs(AttemptId attempt) {
    return store.outputs(attempt);
  }

  @Override
  public UsageTotals usage(JobId job, Optional<TaskName> task) {
    return store.usage(job, task);
  }

  @Override
  public SortedMap<String, UsageTotals> usageByOwner() {
    return store.usageByOwner();
  }

  @Override
  public void close() {
    store.close();
  }
}
