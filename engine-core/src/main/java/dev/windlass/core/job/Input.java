package dev.windlass.core.job;

import dev.windlass.JobOperation;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.core.cluster.StoredCluster;
import dev.windlass.executor.NodeReport;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskName;
import dev.windlass.job.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened. The same inputs in the same order at the same times lead to the same
 * decisions.
 */
public sealed interface Input {

  /**
   * A user submits a job that was checked.
   *
   * @param request whom to tell
   * @param sequence larger than that of every earlier job
   */
  record Submit(
      long request, JobId job, long sequence, JobDescription description, Optional<String> token)
      implements Input {}

  /** A user does something to a job, for a reason. */
  record Operate(long request, JobId job, JobOperation operation, String reason) implements Input {}

  /**
   * A job whose submitter was told that it was not accepted must not be there. Its end and its
   * deletion become durable together: a crash never leaves one without the other.
   */
  record Withdraw(long request, JobId job) implements Input {}

  /**
   * A user changes how many instances of a job run at once.
   *
   * @param task the task that is meant; empty for the whole job
   */
  record SetMaxRunning(long request, JobId job, Optional<TaskName> task, OptionalInt maxRunning)
      implements Input {}

  /** A user changes how the instances of a task are tried again. */
  record SetRetry(long request, JobId job, TaskName task, RetryPolicy retry) implements Input {}

  /** That a job was resumed is durable, and its instances may begin. */
  record ResumeDurable(JobId job) implements Input {}

  /**
   * Nothing begins any more, since the engine is about to be closed. Answered when nothing runs.
   *
   * @param endsWork whether what runs is ended
   */
  record WindDown(long request, boolean endsWork) implements Input {}

  /** What a user asks for of a cluster. */
  sealed interface ClusterOperation extends Input {

    /** Whom to tell. */
    long request();

    /** The cluster that is meant. */
    ClusterName cluster();
  }

  /** A user makes a cluster. */
  record CreateCluster(long request, ClusterDescription description) implements ClusterOperation {
    @Override
    public ClusterName cluster() {
      return description.name();
    }
  }

  /** A user changes what a cluster is to be. */
  record ChangeCluster(long request, ClusterDescription description) implements ClusterOperation {
    @Override
    public ClusterName cluster() {
      return description.name();
    }
  }

  /** A user changes how many nodes a group is to have. */
  record SetNodes(long request, ClusterName cluster, String group, int nodes)
      implements ClusterOperation {}

  /** A user deletes a cluster. */
  record DeleteCluster(long request, ClusterName cluster) implements ClusterOperation {}

  /** A user takes a node away. */
  record RemoveNode(long request, ClusterName cluster, String node, Manner manner)
      implements ClusterOperation {

    /** How it goes. */
    public enum Manner {
      /** What runs on it goes on. */
      DRAIN,
      /** What runs on it is ended. */
      DELETE,
      /** What runs on it is ended, and another node takes its place. */
      RECREATE
    }
  }

  /** Nodes that were made are on record. */
  record NodesDurable(List<String> nodes) implements Input {}

  /** An executor has told something about a node. */
  record NodeReported(NodeReport report) implements Input {}

  /** An executor has been asked to end a node, and the call has returned. */
  record NodeEndAsked(String node) implements Input {}

  /** A cluster was found in the store when the engine opened. Comes before the jobs. */
  record ClusterRecovered(StoredCluster stored) implements Input {}

  /** A user sets how many there are of a named resource of the engine. */
  record SetNamedResource(long request, String name, int total) implements Input {}

  /** A consumer of events wants its position kept. */
  record AddConsumer(long request, String name) implements Input {}

  /** A user wants the position of a consumer forgotten. */
  record ForgetConsumer(long request, String name) implements Input {}

  /**
   * How many there are of each named resource of the engine was found in the store. Comes before
   * all jobs.
   */
  record NamedResourcesRecovered(Map<String, Integer> totals) implements Input {}

  /**
   * A user releases what instances of a job that failed for good have kept.
   *
   * @param instance the one that is meant; empty for all of the job
   */
  record ReleaseReserved(long request, JobId job, Optional<InstanceId> instance) implements Input {}

  /**
   * A job was read from the store as {@link Effect.Load} asked.
   *
   * @param stored the job, or null if there is none
   */
  record Loaded(JobId job, @Nullable StoredJob stored) implements Input {}

  /**
   * What an instance keeps was found in the store when the engine opened; comes before all jobs.
   */
  record ReservedRecovered(ReservedRecord record) implements Input {}

  /** A job that was not over was found in the store when the engine opened. */
  record Recovered(StoredJob stored) implements Input {}

  /**
   * An executor has told which attempts of this engine are alive: running, or over and not
   * released. From now on it can be given work.
   */
  record ExecutorReady(String executor, List<Alive> alive) implements Input {}

  /**
   * An attempt that an executor knows.
   *
   * @param node where it was placed, if that is known
   * @param gpuDevices the devices of the node that it was told
   * @param started when its program began, if that is known
   * @param running how long it has run, if it runs
   */
  record Alive(
      AttemptId id,
      Optional<String> node,
      List<Integer> gpuDevices,
      Optional<Instant> started,
      Optional<Duration> running) {}

  /** An attempt's program has begun. */
  record AttemptStarted(AttemptId id, Instant at) implements Input {}

  /** An attempt's program is over. */
  record AttemptExited(AttemptId id, Instant at, Outcome outcome, Usage usage, Data data)
      implements Input {
    public AttemptExited(AttemptId id, Instant at, Outcome outcome, Usage usage) {
      this(id, at, outcome, usage, Data.NONE);
    }
  }

  /**
   * An attempt is over and all there is to publish of it is published.
   *
   * @param outcome how its program ended, or that publishing failed
   * @param published false if its outputs were held back because it was not accepted
   */
  record AttemptConcluded(
      AttemptId id, Instant at, Outcome outcome, Usage usage, boolean published, Data data)
      implements Input {
    public AttemptConcluded(
        AttemptId id, Instant at, Outcome outcome, Usage usage, boolean published) {
      this(id, at, outcome, usage, published, Data.NONE);
    }
  }

  /** Capacity that was kept on a node is released, and that is durable. */
  record CapacityReleased(AttemptId attempt) implements Input {}

  /**
   * A task's predecessors have ended, and that is durable. For the final task these are all others.
   *
   * @param task its number in the job's graph
   */
  record PredecessorsEnded(JobId job, int task) implements Input {}

  /**
   * An instance has finished, others wait for it by its index, and that is durable.
   *
   * @param task its task's number in the job's graph
   */
  record InstanceFinished(JobId job, int task, int index) implements Input {}

  /** An instance is to be tried again, and the end of its last attempt is durable. */
  record RetryDurable(AttemptId failed) implements Input {}
}
