package dev.windlass.core.job;

import dev.windlass.Manifest;
import dev.windlass.UsageTotals;
import dev.windlass.core.cluster.ClusterRecord;
import dev.windlass.core.cluster.NodeRecord;
import dev.windlass.event.Event;
import dev.windlass.job.ClusterName;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import java.util.Optional;

/**
 * Something that the state store must record. Changes of one group are recorded together or not at
 * all.
 */
public sealed interface Change {

  /** A job was accepted. Its record, and those of its tasks, follow as changes of their own. */
  record JobAccepted(JobRecord record, JobDescription description, Optional<String> token)
      implements Change {}

  /** A job stands as its record says. */
  record JobChanged(JobRecord record) implements Change {}

  /** A task stands as its record says. */
  record TaskChanged(TaskRecord record) implements Change {}

  /** An instance stands as its record says. */
  record InstanceChanged(InstanceRecord record) implements Change {}

  /**
   * What the record of an instance says of its last attempt becomes history: another attempt
   * follows.
   */
  record AttemptSuperseded(long sequence, int ordinal, int index) implements Change {}

  /** All waiting instances of a job that have a record are stopped. */
  record WaitingInstancesStopped(long sequence) implements Change {}

  /** All waiting instances of a task that have a record are stopped. */
  record WaitingInstancesOfTaskStopped(long sequence, int ordinal) implements Change {}

  /**
   * All stopped and failed instances of a job that have a record wait again, with all their
   * retries; those that a finished task tolerated excepted.
   */
  record InstancesReset(long sequence) implements Change {}

  /**
   * The retry policy of a task is another, and what its instances used up of the tries of single
   * rules counts no more.
   */
  record RuleRetriesForgotten(long sequence, int ordinal) implements Change {}

  /** There are so many of a named resource of the engine. */
  record NamedResourceSet(String name, int total) implements Change {}

  /** An instance has failed for good, and what it booked stays booked. */
  record CapacityReserved(ReservedRecord record) implements Change {}

  /** What an instance that failed kept is given back. */
  record CapacityReleased(long sequence, int ordinal, int index) implements Change {}

  /**
   * The instances of a finished task that have a record wait again, with all their retries.
   *
   * @param finishedToo also those that finished
   */
  record TaskReset(long sequence, int ordinal, boolean finishedToo) implements Change {}

  /** An attempt has published its outputs. */
  record OutputsPublished(long sequence, int ordinal, int index, int attempt, Manifest manifest)
      implements Change {}

  /**
   * An attempt is over, or several of one task, and has used this.
   *
   * @param owner of the job; empty if it has none
   */
  record UsageAdded(long sequence, int ordinal, String owner, UsageTotals used) implements Change {}

  /** Something has happened; it gets the next position of the journal. */
  record EventRecorded(Event event) implements Change {}

  /** The oldest part of the journal is not kept any more; the newest event always is. */
  record EventsPurged(long last) implements Change {}

  /** The journal has a consumer, which has come to its end; unless there is one of that name. */
  record ConsumerAdded(String name) implements Change {}

  /** A consumer has come to a position; if it is there, and was not further already. */
  record ConsumerMoved(String name, long position) implements Change {}

  /** The position of a consumer is not kept any more. */
  record ConsumerForgotten(String name) implements Change {}

  /** Nothing of a job is kept any more. */
  record JobRemoved(JobId job, long sequence) implements Change {}

  /** A cluster was made or stands as its record says. */
  record ClusterChanged(ClusterRecord record) implements Change {}

  /** A node was made or stands as its record says. */
  record NodeChanged(NodeRecord record) implements Change {}

  /** A node is gone. */
  record NodeRemoved(ClusterName cluster, int number) implements Change {}

  /** A cluster is gone; it has no nodes. */
  record ClusterRemoved(ClusterName cluster) implements Change {}
}
