package dev.windlass;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventListener;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskName;
import dev.windlass.why.InstanceExplanation;
import dev.windlass.why.JobExplanation;
import dev.windlass.why.TaskExplanation;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.concurrent.CompletionStage;

/**
 * A batch-workflow engine on a directory of its own.
 *
 * <p>Made by the builder in {@code engine-core}. A host keeps one for as long as it runs; jobs
 * outlive the host and go on when an engine is opened on the same directory again.
 *
 * <h2>Durability</h2>
 *
 * <p>When an operation that changes something has returned, the change has survived whatever
 * happens next, also a power cut. What a status tells is durable too: nothing that was told is ever
 * taken back.
 *
 * <h2>Errors</h2>
 *
 * <p>Every refusal is a {@link dev.windlass.error.EngineException}; the codes that are special to a
 * method stand there. Any method may throw {@code ENGINE_CLOSED} after {@link #close} and {@code
 * STORE_UNAVAILABLE} while the state store cannot be written or read (a full disk, say): nothing of
 * the request was accepted then, and the same request may succeed later. Null arguments are {@link
 * NullPointerException}s.
 *
 * <h2>Threads</h2>
 *
 * <p>All methods may be called from any thread, also from listeners and from stages of {@link
 * #whenOver}. Methods that change something block until the change is durable, typically for some
 * milliseconds; an interrupt does not break that wait, it is kept for later.
 */
public interface Engine extends AutoCloseable {

  /**
   * Accepts a job.
   *
   * @param job what to do
   * @return its id, new and unique
   * @throws dev.windlass.error.ValidationException if anything is wrong with it; lists all faults,
   *     and nothing was created
   */
  JobId submit(JobDescription job);

  /**
   * Accepts a job once, however often it is submitted with the same token.
   *
   * @param job what to do
   * @param token 1 to 64 letters, digits and {@code _} (reference, section 8); remembered for as
   *     long as the job is
   * @return the id of the job made by this call or by an earlier one
   * @throws dev.windlass.error.ValidationException as {@link #submit(JobDescription)}
   * @throws dev.windlass.error.EngineException {@code TOKEN_MISMATCH} if the token came with
   *     another description before; {@code NAME} if it breaks its rule
   */
  JobId submit(JobDescription job, String token);

  /**
   * Where a job stands.
   *
   * @param job its id
   * @return the status
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  JobStatus job(JobId job);

  /**
   * What was submitted.
   *
   * @param job its id
   * @return an equal description
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  JobDescription description(JobId job);

  /**
   * Lists jobs, newest first. Over the pages of one listing each job that exists throughout is
   * shown once.
   *
   * @param query which ones
   * @return a page
   * @throws dev.windlass.error.EngineException {@code MALFORMED} if the marker is not one of this
   *     listing's
   */
  Page<JobStatus> jobs(JobQuery query);

  /**
   * Where the tasks of a job stand.
   *
   * @param job its id
   * @return all of them, in the order of the description
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  List<TaskStatus> tasks(JobId job);

  /**
   * Where a task stands.
   *
   * @param job the job
   * @param task the task
   * @return the status
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  TaskStatus task(JobId job, TaskName task);

  /**
   * Lists instances of a task in the order of their indexes. Each is shown once, also while they
   * change.
   *
   * @param job the job
   * @param task the task
   * @param query which ones
   * @return a page
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code MALFORMED} if the marker
   *     is not one of this listing's
   */
  Page<InstanceStatus> instances(JobId job, TaskName task, InstanceQuery query);

  /**
   * Where an instance stands.
   *
   * @param instance its id
   * @return the status
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  InstanceStatus instance(InstanceId instance);

  /**
   * All attempts of an instance.
   *
   * @param instance its id
   * @return the first attempt first; empty if there was none
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  List<AttemptStatus> attempts(InstanceId instance);

  /**
   * What an attempt published as its outputs.
   *
   * @param attempt its id
   * @return the manifest; empty if nothing was published
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND} if there is no such instance
   */
  Manifest outputs(AttemptId attempt);

  /**
   * What a job has used. The sums are kept with each attempt that ends, and are not counted anew.
   *
   * @param job its id
   * @return the sums over all its tasks
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  UsageTotals usage(JobId job);

  /**
   * What a task has used, as {@link #usage(JobId)}.
   *
   * @param job the job
   * @param task the task
   * @return the sums
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  UsageTotals usage(JobId job, TaskName task);

  /**
   * What the jobs of each owner have used, also those that were deleted.
   *
   * @return the sums by owner, in order; those of all jobs without an owner under the empty text
   */
  SortedMap<String, UsageTotals> usageByOwner();

  /**
   * Opens an output of an instance's last attempt, while it runs or afterwards.
   *
   * @param instance the instance
   * @param kind which output
   * @param follow true to wait for more at the end until the attempt is over; false to end at what
   *     there is now
   * @return the bytes from the beginning; the caller closes it. A read blocks while following, and
   *     ends soon when the stream is closed or the thread is interrupted
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND} if there is no such instance or it
   *     has had no attempt
   */
  InputStream openLog(InstanceId instance, LogKind kind, boolean follow);

  /**
   * Opens an output of an attempt, while it runs or afterwards, from a position on: to read that of
   * an attempt that was tried again or lost, or to go on where another reader stopped.
   *
   * <p>Outputs of attempts that did not succeed stay in the engine's directory until their job is
   * deleted. Those of one that did are published if the task says where; if it is begun anew
   * nevertheless, by a restart of its job, they give way to those of the next, which have the same
   * name.
   *
   * @param attempt the attempt
   * @param kind which output
   * @param position how many bytes of what the program wrote are left out at the beginning, not
   *     negative; behind the end there is nothing, or nothing yet. In a log that was shortened
   *     ({@link LogBound}), what was left out counts
   * @param follow true to wait for more at the end until the attempt is over; false to end at what
   *     there is now
   * @return the bytes from there; the caller closes it. A read blocks while following, and ends
   *     soon when the stream is closed or the thread is interrupted
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND} if there is no such attempt, or,
   *     at the first read, if its output has given way to that of a later one
   * @throws IllegalArgumentException if the position is negative
   */
  InputStream openLog(AttemptId attempt, LogKind kind, long position, boolean follow);

  /**
   * Why the tasks of a job do not run. Remedies are not sought for a whole job; ask for a task.
   *
   * <p>This and the other two questions of its name are answered from what the engine knows at this
   * moment, which may be a step ahead of what is durable and of what a status tells. An engine that
   * was opened to be looked at answers as of the last durable moment, with the executors and
   * clusters that it was given. Asking changes nothing. What the answer costs does not grow with
   * the number of instances that wait.
   *
   * @param job its id
   * @return the explanation
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  JobExplanation why(JobId job);

  /**
   * Why the instances of a task do not run, as {@link #why(JobId)}.
   *
   * @param job the job
   * @param task the task
   * @return the explanation, with remedies
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  TaskExplanation why(JobId job, TaskName task);

  /**
   * Why an instance does not run, as {@link #why(JobId)}.
   *
   * @param instance its id
   * @return the explanation, with remedies
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  InstanceExplanation why(InstanceId instance);

  /**
   * Tells when a job is over: its state is final and nothing of it runs any more. A job that is
   * restarted later is over for those who asked before.
   *
   * @param job its id
   * @return completes with the status on a thread of the engine, and exceptionally with {@code
   *     NOT_FOUND} if the job is deleted, or {@code ENGINE_CLOSED} if the engine is closed first
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  CompletionStage<JobStatus> whenOver(JobId job);

  /**
   * Waits until a job is over: its state is final and nothing of it runs any more.
   *
   * @param job its id
   * @return the final status
   * @throws InterruptedException if the thread is interrupted
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}, also if it is deleted meanwhile
   */
  JobStatus await(JobId job) throws InterruptedException;

  /**
   * Waits, for a time, until a job is over.
   *
   * @param job its id
   * @param atMost how long
   * @return the final status, or empty if the time is up
   * @throws InterruptedException if the thread is interrupted
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}, also if it is deleted meanwhile
   */
  Optional<JobStatus> await(JobId job, Duration atMost) throws InterruptedException;

  /**
   * Stops a waiting or running job. It is {@code STOPPED} at once; its running attempts are
   * cancelled with the engine's grace period, which {@link #await(JobId)} waits for.
   *
   * <p>A job with a final task first runs it, after the last of those attempts has ended, and is
   * {@code STOPPED} then; that it will be is durable when this returns. A second stop ends it at
   * once, and so does a stop while the final task runs: a job that was to be {@code FAILED} is so
   * then, every other {@code STOPPED}.
   *
   * @param job its id
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if it has
   *     ended
   */
  default void stop(JobId job) {
    manage(job, new JobOperation.Stop(), "");
  }

  /**
   * Lets nothing of a waiting or running job begin from now on, until it is resumed: no instance
   * that waits, no further attempt, and not its final task either. What runs goes on and counts as
   * ever, pauses before retries go by, and the job can end. Its state stays what it is; {@link
   * JobStatus#paused} tells that it is paused. A pause outlives the host. Pausing a job that is
   * paused changes nothing, and stopping it ends the pause.
   *
   * @param job its id
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if it has
   *     ended
   */
  default void pause(JobId job) {
    manage(job, new JobOperation.Pause(), "");
  }

  /**
   * Takes a pause back. Resuming a job that is not paused changes nothing.
   *
   * @param job its id
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if it has
   *     ended
   */
  default void resume(JobId job) {
    manage(job, new JobOperation.Resume(), "");
  }

  /**
   * Runs a stopped or failed job again. Finished instances stay finished; all others begin anew
   * with all their retries, and so do all those of its final task. To run only a part again see
   * {@link JobOperation.RestartFailed} and {@link JobOperation.RestartFrom}.
   *
   * @param job its id
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if it is
   *     waiting, running or finished
   */
  default void restart(JobId job) {
    manage(job, new JobOperation.Restart(), "");
  }

  /**
   * Does something to a job, for a reason.
   *
   * @param job its id
   * @param operation what is done
   * @param reason free text for people, possibly empty, at most {@value
   *     JobOperation#MAX_REASON_LENGTH} characters; told with {@link
   *     dev.windlass.event.Event.JobOperated}, and in the job's status while it is stopped or
   *     paused for it
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}, also if the operation names a
   *     task that the job has not; {@code STATE_CONFLICT} if the job's present state, which the
   *     message names, does not allow it
   * @throws IllegalArgumentException if the reason is longer or holds a NUL
   */
  void manage(JobId job, JobOperation operation, String reason);

  /**
   * Does something to all jobs of one page of a listing, as {@link #manage(JobId, JobOperation,
   * String)} does to one. Each is an operation of its own: some may be refused while others are
   * carried out, and other work goes on between them. The pages that follow are for further calls,
   * with the marker of this one. If the host dies in the midst nothing has to be undone: the same
   * calls again do what is left, and refuse or change nothing where it was done.
   *
   * @param jobs which ones, and how many at most
   * @param operation what is done to each
   * @param reason as with one job; the same for all
   * @return what came of it for each job of the page, in the order of the listing
   * @throws dev.windlass.error.EngineException {@code MALFORMED} if the marker is not one of this
   *     listing's
   * @throws IllegalArgumentException if the reason is longer or holds a NUL
   */
  Page<Managed> manage(JobQuery jobs, JobOperation operation, String reason);

  /**
   * Changes how urgent a job is, among those that wait. What runs goes on.
   *
   * @param job its id; not finished
   * @param priority 0 to {@value dev.windlass.job.JobDescription#MAX_PRIORITY}; larger is more
   *     urgent
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if it has
   *     finished
   * @throws IllegalArgumentException if out of range
   */
  default void setPriority(JobId job, int priority) {
    manage(job, new JobOperation.SetPriority(priority), "");
  }

  /**
   * Changes how many instances of a job run at once. If more run they go on, and nothing new begins
   * until fewer do.
   *
   * @param job its id; not finished
   * @param maxRunning at least 1; empty for no bound
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if it has
   *     finished
   * @throws IllegalArgumentException if out of range
   */
  void setMaxRunning(JobId job, OptionalInt maxRunning);

  /**
   * Changes how many instances of a task run at once, as {@link #setMaxRunning(JobId,
   * OptionalInt)}.
   *
   * @param job its id; not finished
   * @param task one of its tasks
   * @param maxRunning at least 1; empty for no bound
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if the job
   *     has finished
   * @throws IllegalArgumentException if out of range
   */
  void setMaxRunning(JobId job, TaskName task, OptionalInt maxRunning);

  /**
   * Changes how the instances of a task are tried again. The policy decides about attempts that end
   * from now on: what waits out a pause goes on to do so, and what has failed for good stays so.
   * What instances have used up of the policy's budgets counts on; the tries of single rules begin
   * anew, as the rules are others.
   *
   * @param job its id; not finished
   * @param task one of its tasks
   * @param retry takes the place of the one that was described or set before
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if the job
   *     has finished; {@code UNSATISFIABLE} if it gives more memory to instances that were given
   *     none or more than its {@code maxBytes} at first
   */
  void setRetry(JobId job, TaskName task, RetryPolicy retry);

  /**
   * What is kept of instances that failed for good, because their tasks asked for it ({@code
   * AutoCluster.ReserveOnFail}): the capacity that each of them booked, which nothing else is
   * placed on, and all files of its last attempt. It is kept until it is released, until its job is
   * deleted, or until the instance begins anew because its job is restarted.
   *
   * <p>The attempt itself is over and forgotten by its executor. So of a container its files stay
   * that lie in its working directory and its mappings, and not the container.
   *
   * @return the jobs submitted first come first; of one job by task and index
   */
  List<ReservedCapacity> reserved();

  /**
   * Releases what is kept of an instance. Its logs stay as those of any other.
   *
   * @param instance the instance
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if nothing
   *     is kept of it
   */
  void release(InstanceId instance);

  /**
   * Releases what is kept of all instances of a job, as {@link #release}. Does nothing if nothing
   * is kept.
   *
   * @param job its id
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  void releaseAll(JobId job);

  /**
   * Deletes a job that has ended, with all that the engine keeps of it. What it published stays.
   * Attempts that are still being cancelled are seen to their end.
   *
   * @param job its id
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if it is
   *     waiting or running
   */
  default void delete(JobId job) {
    manage(job, new JobOperation.Delete(), "");
  }

  /**
   * Makes a cluster. It is durable: it is there until it is deleted, also after the host has ended.
   * Its nodes come up by themselves. Making a cluster that is there already, with an equal
   * description, changes nothing.
   *
   * @param cluster what it is to be
   * @throws dev.windlass.error.EngineException {@code CONFLICT} if there is another cluster of that
   *     name, {@code REFERENCE} if a group names an executor that this engine was not given, {@code
   *     UNSATISFIABLE} if it has a bootstrap command or an image and an executor of it keeps no
   *     nodes
   */
  void createCluster(ClusterDescription cluster);

  /**
   * Changes a cluster to another description. Groups that it had not are made, groups that it has
   * not any more are emptied as if no node of them were wanted. More nodes come up by themselves;
   * of nodes too many those that are idle go first, and the others take no new work and go when
   * what runs on them has ended. Nodes that are there keep the size they have; a new size, image,
   * bootstrap command holds for nodes that are made from now on, new variables for attempts that
   * begin from now on.
   *
   * @param cluster the description; its name says which cluster is meant
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if it is
   *     being deleted or part of the host's configuration; {@code REFERENCE}, {@code UNSATISFIABLE}
   *     as {@link #createCluster}
   */
  void changeCluster(ClusterDescription cluster);

  /**
   * Changes how many nodes a group has, as {@link #changeCluster}.
   *
   * @param cluster the cluster
   * @param group name of one of its groups
   * @param nodes 0 to {@value dev.windlass.cluster.ClusterDescription.Group#MAX_NODES}
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND} if there is no such cluster or
   *     group; {@code STATE_CONFLICT} as {@link #changeCluster}
   * @throws IllegalArgumentException if out of range
   */
  void setNodes(ClusterName cluster, String group, int nodes);

  /**
   * Deletes a cluster with all its nodes. Jobs that have something left to run on it fail; what
   * runs on it is ended. It is {@code DELETING} until the last of that has ended, and then gone.
   *
   * @param cluster its name
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if it is
   *     part of the host's configuration. Deleting a cluster that is being deleted changes nothing
   */
  void deleteCluster(ClusterName cluster);

  /**
   * Where a cluster stands.
   *
   * @param cluster its name
   * @return the status
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  ClusterStatus cluster(ClusterName cluster);

  /**
   * All clusters: first those of the host's configuration, then the others as they were made.
   *
   * @return where they stand; at least the default cluster, unless the engine was opened to be
   *     looked at only
   */
  List<ClusterStatus> clusters();

  /**
   * Lists the nodes of a cluster in the order of its groups, and in a group in the order in which
   * they were made.
   *
   * @param cluster its name
   * @return all of them
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}
   */
  List<NodeStatus> nodes(ClusterName cluster);

  /**
   * Takes a node out of service gently: it takes no new work, and is deleted as soon as what runs
   * on it has ended. Its group then wants one node less. Draining a node that is leaving already
   * changes nothing.
   *
   * @param cluster its cluster
   * @param node its name
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if it is
   *     part of the host's configuration
   */
  void drainNode(ClusterName cluster, String node);

  /**
   * Deletes a node. What runs on it is ended and begins anew elsewhere, which uses up no retry. Its
   * group then wants one node less, unless the node was draining. Deleting a node that is being
   * deleted changes nothing.
   *
   * @param cluster its cluster
   * @param node its name
   * @throws dev.windlass.error.EngineException as {@link #drainNode}
   */
  void deleteNode(ClusterName cluster, String node);

  /**
   * Deletes a node as {@link #deleteNode} and makes a new one in its place once it is gone.
   *
   * @param cluster its cluster
   * @param node its name
   * @throws dev.windlass.error.EngineException as {@link #drainNode}
   */
  void recreateNode(ClusterName cluster, String node);

  /**
   * Sets how many there are of a named resource, for all clusters that do not offer the name
   * themselves. Made if it is new; kept by the engine until it is set again, also across restarts.
   *
   * <p>If fewer are left than are in use, what runs goes on, and nothing begins that needs the
   * resource until enough have come back.
   *
   * @param name 1 to 64 letters, digits, {@code _} and {@code -}, not beginning with a digit or
   *     {@code -}
   * @param total 0 to {@value dev.windlass.job.Resources#MAX_NAMED}; with 0 nothing begins that
   *     needs it, and no such job is accepted
   * @throws IllegalArgumentException if the name breaks its rule or the number is out of range
   */
  void setNamedResource(String name, int total);

  /**
   * The named resources of the whole engine; those of clusters stand in their descriptions.
   *
   * @return all that were ever set, by name. The totals are durable; what is in use is what the
   *     engine has booked at this moment
   * @throws dev.windlass.error.EngineException {@code STATE_CONFLICT} if the engine was opened to
   *     be looked at only
   */
  List<NamedResource> namedResources();

  /**
   * Reads the journal, in which everything that happens to jobs and clusters is recorded: the
   * history of a job or an instance ({@link EventFilter#ofJob}, {@link EventFilter#ofInstance}), or
   * whatever has happened since a position.
   *
   * <p>Events are kept as long as {@link dev.windlass.event.EventRetention} says, also those of
   * jobs that were deleted meanwhile.
   *
   * @param query which events
   * @return a page, in the order in which they happened; possibly without events although there is
   *     more, if few pass the filter
   * @throws dev.windlass.error.EventsPurgedException if events behind the position were purged;
   *     names the oldest that is kept
   * @throws dev.windlass.error.EngineException {@code RANGE} if the journal has never come to the
   *     position
   */
  EventPage events(EventQuery query);

  /**
   * Where the journal ends.
   *
   * @return position of the newest event; 0 if there never was one
   */
  long lastPosition();

  /**
   * Tells a listener of all that happens from now on.
   *
   * @param listener called as its Javadoc says
   * @return ends the subscription when closed; idempotent
   */
  Subscription subscribe(EventListener listener);

  /**
   * Tells a listener of what has happened since a position, and of what happens from now on. For a
   * host that keeps the position of what it has taken, beside what it made of it: then nothing is
   * missing and nothing double, also after a crash.
   *
   * @param filter which events it is told of
   * @param after the last position that it has taken; 0 for the very beginning
   * @param listener called as its Javadoc says
   * @return ends the subscription when closed; idempotent
   * @throws dev.windlass.error.EventsPurgedException as {@link #events}
   * @throws dev.windlass.error.EngineException {@code RANGE} as {@link #events}
   */
  Subscription subscribe(EventFilter filter, long after, EventListener listener);

  /**
   * Tells a listener of what has happened since a consumer of this name last took an event, and of
   * what happens from now on. The engine keeps the position, also over restarts of the host; what
   * was taken just before a crash may be told once more. The first time, begins with what happens
   * from now on.
   *
   * @param consumer who takes the events: 1 to 64 letters, digits, {@code _} and {@code -}
   * @param filter which events it is told of
   * @param listener called as its Javadoc says
   * @return ends the subscription when closed, and keeps the position; idempotent
   * @throws dev.windlass.error.EngineException {@code NAME} if the name breaks its rule; {@code
   *     STATE_CONFLICT} if there is a subscription of that name
   */
  Subscription subscribe(String consumer, EventFilter filter, EventListener listener);

  /**
   * Forgets the position of a consumer. Does nothing if there is none of that name.
   *
   * @param consumer its name
   * @throws dev.windlass.error.EngineException {@code NAME} if the name breaks its rule; {@code
   *     STATE_CONFLICT} while there is a subscription of that name
   */
  void forgetConsumer(String consumer);

  /** A listener's registration. */
  interface Subscription extends AutoCloseable {
    /**
     * Ends it. No event is delivered once this has returned, except one that is just being
     * delivered. Idempotent.
     */
    @Override
    void close();
  }

  /**
   * Lets go of the directory, as {@link #shutDown} with {@link Closing#detach} does. Blocks some
   * seconds at most.
   */
  @Override
  void close();

  /**
   * Lets go of the directory, after running work has come to its end as was asked for: a drain
   * takes no longer than its time, and what is ended then no longer than the grace that programs
   * have ({@code EngineBuilder.stopGrace}) and what its executor needs to report; an executor that
   * does not answer is not waited for longer than some seconds. From the beginning of this call all
   * other calls are refused ({@code ENGINE_CLOSED}), and listeners are told what happens until its
   * end. Blocks until all is stored and every thread of the engine has ended.
   *
   * <p>Idempotent; safe from any thread, also from a listener and from a shutdown hook. Another
   * call meanwhile returns at once, and a drain then waits no longer and leaves what runs to
   * itself, so that a second Ctrl-C is enough. An interrupt of the caller does the same.
   *
   * @param how what becomes of running work
   */
  void shutDown(Closing how);
}
