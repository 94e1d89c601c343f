package dev.windlass.core.store;

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

/**
 * The durable record of jobs and clusters, and the journal of what happened to them.
 *
 * <p>{@link #commit}, {@link #load}, {@link #loadNotOver}, {@link #loadClusters} and {@link
 * #reopen} belong to one thread, the committing one. The other reads may be called from any thread
 * and see what is committed.
 *
 * <p>Every failure is an {@link dev.windlass.error.EngineException}: {@code STORE_UNAVAILABLE}
 * (full disk, I/O error), {@code STORE_CORRUPT} or {@code STORE_TOO_NEW}. After a commit has failed
 * nothing is known of it and the store must not be used before {@link #reopen} has succeeded: a
 * connection that met a failed sync may acknowledge what is not there.
 */
public interface StateStore extends AutoCloseable {

  /** The identity of the engine that this store belongs to; made when the store was created. */
  String engineId();

  /** The highest sequence of a job that ever was. */
  long lastSequence();

  /** Records changes, all or none; when it returns they survive a power cut. */
  void commit(List<Change> changes);

  /** Lets go of everything, opens the store anew, and proves that it can be written. */
  void reopen();

  /** All jobs that are not over or are being deleted, in the order of their submission. */
  List<StoredJob> loadNotOver();

  /** All clusters that users have made, in the order in which they were made. */
  List<StoredCluster> loadClusters();

  /** Where a cluster that users have made stands; empty if there is none. */
  Optional<ClusterStatus> cluster(ClusterName cluster);

  /** All clusters that users have made, in the order in which they were made. */
  List<ClusterStatus> clusters();

  /** The nodes of a cluster, by number; empty if there is no such cluster. */
  List<NodeStatus> nodes(ClusterName cluster);

  /**
   * What instances that failed for good have kept, in the order of jobs, tasks and indexes; also of
   * jobs that are over or are being deleted. May be called from any thread.
   */
  List<ReservedRecord> reserved();

  /** One job, also one that is over; empty if there is none. */
  Optional<StoredJob> load(JobId job);

  /**
   * Jobs that a retention does not keep and that can be deleted, what ended first first. May be
   * called from any thread.
   *
   * @param most how many at most
   */
  List<JobId> expired(Retention retention, Instant now, int most);

  /** When the job that has ended first did so; empty if none has. May be called from any thread. */
  Optional<Instant> oldestEnd();

  /**
   * Lets go of some of what is left of jobs that were removed, which nobody is told of any more.
   * Belongs to the committing thread.
   *
   * @param rows about how many records at most
   * @return whether there may be more
   */
  boolean collect(int rows);

  /** How many there are of each named resource of the engine, by name. */
  SortedMap<String, Integer> namedResources();

  /** The job submitted with a token. */
  Optional<JobId> jobOfToken(String token);

  /** Where a job stands; empty if there is none or it is being deleted. */
  Optional<JobStatus> job(JobId job);

  /** What was submitted. */
  Optional<JobDescription> description(JobId job);

  /** Lists jobs, newest first. */
  Page<JobStatus> jobs(JobQuery query);

  /** The tasks of a job; empty if there is no such job. */
  List<TaskStatus> tasks(JobId job);

  /** Instances of a task by index; empty if there is no such task. Progress is not known here. */
  Optional<Page<InstanceStatus>> instances(JobId job, TaskName task, InstanceQuery query);

  /** One instance; empty if there is no such instance. Progress is not known here. */
  Optional<InstanceStatus> instance(InstanceId instance);

  /** The attempts of an instance, first one first; empty if there was none. */
  List<AttemptStatus> attempts(InstanceId instance);

  /**
   * A part of the journal.
   *
   * @throws dev.windlass.error.EngineException also as {@link EventSpan#check}
   */
  EventPage events(EventQuery query);

  /** Which part of the journal is kept. */
  EventSpan eventSpan();

  /** The position that a consumer has come to; empty if there is none of that name. */
  OptionalLong consumer(String name);

  /** What an attempt has published; empty if it has not, or is not there. */
  Manifest outputs(AttemptId attempt);

  /** What a job, or a task of it, has used; nothing if it is not there. */
  UsageTotals usage(JobId job, Optional<TaskName> task);

  /** What the jobs of each owner have used, also those that are gone; by owner. */
  SortedMap<String, UsageTotals> usageByOwner();

  /** Lets go of the store. Idempotent. */
  @Override
  void close();
}
