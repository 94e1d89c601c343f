package dev.windlass;

import dev.windlass.event.EventListener;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
   * @param job its id
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if it has
   *     ended
   */
  void stop(JobId job);

  /**
   * Runs a stopped or failed job again. Finished instances stay finished; all others begin anew
   * with all their retries.
   *
   * @param job its id
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if it is
   *     waiting, running or finished
   */
  void restart(JobId job);

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
  void setPriority(JobId job, int priority);

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
   * Deletes a job that has ended, with all that the engine keeps of it. What it published stays.
   * Attempts that are still being cancelled are seen to their end.
   *
   * @param job its id
   * @throws dev.windlass.error.EngineException {@code NOT_FOUND}; {@code STATE_CONFLICT} if it is
   *     waiting or running
   */
  void delete(JobId job);

  /**
   * Tells a listener of all that happens from now on.
   *
   * @param listener called as its Javadoc says
   * @return ends the subscription when closed; idempotent
   */
  Subscription subscribe(EventListener listener);

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
   * Lets go of the directory. Programs of executors that survive the host go on, and the next
   * engine on this directory takes them up again; other work is ended and begins anew then. Blocks
   * until all is stored and every thread of the engine has ended, some seconds at most. Idempotent;
   * safe from any thread, also from a listener.
   */
  @Override
  void close();
}
