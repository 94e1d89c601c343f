package dev.windlass.testkit.engine;

import dev.windlass.AttemptStatus;
import dev.windlass.Closing;
import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobOperation;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.LogKind;
import dev.windlass.Managed;
import dev.windlass.Manifest;
import dev.windlass.NamedResource;
import dev.windlass.Page;
import dev.windlass.ReservedCapacity;
import dev.windlass.TaskStatus;
import dev.windlass.UsageTotals;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.error.EngineException;
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
import dev.windlass.testkit.time.SimulatedPlatform;
import dev.windlass.why.InstanceExplanation;
import dev.windlass.why.JobExplanation;
import dev.windlass.why.TaskExplanation;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The engine of one life of a host, for one thread: where the shipped one waits, virtual time
 * passes.
 */
final class ConfinedEngine implements Engine {
  private final Engine engine;
  private final VirtualTime time;
  private final SimulatedPlatform life;
  private final Runnable onClose;

  /**
   * An engine in front of the shipped one.
   *
   * @param onClose is told once it is closed
   */
  ConfinedEngine(Engine engine, VirtualTime time, SimulatedPlatform life, Runnable onClose) {
    this.engine = engine;
    this.time = time;
    this.life = life;
    this.onClose = onClose;
  }

  private <T> T call(Supplier<T> call) {
    time.checkThread();
    if (!life.isAlive()) {
      throw new IllegalStateException(
          "the host of this engine has crashed; TestEngine.engine() gives that of the next host");
    }
    return time.call(call);
  }

  private void run(Runnable call) {
    var unused =
        call(
            () -> {
              call.run();
              return true;
            });
  }

  @Override
  public JobId submit(JobDescription job) {
    return call(() -> engine.submit(job));
  }

  @Override
  public JobId submit(JobDescription job, String token) {
    return call(() -> engine.submit(job, token));
  }

  @Override
  public void manage(JobId job, JobOperation operation, String reason) {
    run(() -> engine.manage(job, operation, reason));
  }

  @Override
  public Page<Managed> manage(JobQuery jobs, JobOperation operation, String reason) {
    return call(() -> engine.manage(jobs, operation, reason));
  }

  @Override
  public void setMaxRunning(JobId job, OptionalInt maxRunning) {
    run(() -> engine.setMaxRunning(job, maxRunning));
  }

  @Override
  public void setMaxRunning(JobId job, TaskName task, OptionalInt maxRunning) {
    run(() -> engine.setMaxRunning(job, task, maxRunning));
  }

  @Override
  public void setRetry(JobId job, TaskName task, RetryPolicy retry) {
    run(() -> engine.setRetry(job, task, retry));
  }

  @Override
  public void createCluster(ClusterDescription cluster) {
    run(() -> engine.createCluster(cluster));
  }

  @Override
  public void changeCluster(ClusterDescription cluster) {
    run(() -> engine.changeCluster(cluster));
  }

  @Override
  public void setNodes(ClusterName cluster, String group, int nodes) {
    run(() -> engine.setNodes(cluster, group, nodes));
  }

  @Override
  public void deleteCluster(ClusterName cluster) {
    run(() -> engine.deleteCluster(cluster));
  }

  @Override
  public ClusterStatus cluster(ClusterName cluster) {
    return call(() -> engine.cluster(cluster));
  }

  @Override
  public List<ClusterStatus> clusters() {
    return call(engine::clusters);
  }

  @Override
  public List<NodeStatus> nodes(ClusterName cluster) {
    return call(() -> engine.nodes(cluster));
  }

  @Override
  public void drainNode(ClusterName cluster, String node) {
    run(() -> engine.drainNode(cluster, node));
  }

  @Override
  public void deleteNode(ClusterName cluster, String node) {
    run(() -> engine.deleteNode(cluster, node));
  }

  @Override
  public void recreateNode(ClusterName cluster, String node) {
    run(() -> engine.recreateNode(cluster, node));
  }

  @Override
  public void setNamedResource(String name, int total) {
    run(() -> engine.setNamedResource(name, total));
  }

  @Override
  public List<NamedResource> namedResources() {
    return call(engine::namedResources);
  }

  @Override
  public List<ReservedCapacity> reserved() {
    return call(engine::reserved);
  }

  @Override
  public void release(InstanceId instance) {
    run(() -> engine.release(instance));
  }

  @Override
  public void releaseAll(JobId job) {
    run(() -> engine.releaseAll(job));
  }

  @Override
  public JobStatus job(JobId job) {
    return call(() -> engine.job(job));
  }

  @Override
  public JobDescription description(JobId job) {
    return call(() -> engine.description(job));
  }

  @Override
  public Page<JobStatus> jobs(JobQuery query) {
    return call(() -> engine.jobs(query));
  }

  @Override
  public List<TaskStatus> tasks(JobId job) {
    return call(() -> engine.tasks(job));
  }

  @Override
  public TaskStatus task(JobId job, TaskName task) {
    return call(() -> engine.task(job, task));
  }

  @Override
  public JobExplanation why(JobId job) {
    return call(() -> engine.why(job));
  }

  @Override
  public TaskExplanation why(JobId job, TaskName task) {
    return call(() -> engine.why(job, task));
  }

  @Override
  public InstanceExplanation why(InstanceId instance) {
    return call(() -> engine.why(instance));
  }

  @Override
  public Page<InstanceStatus> instances(JobId job, TaskName task, InstanceQuery query) {
    return call(() -> engine.instances(job, task, query));
  }

  @Override
  public InstanceStatus instance(InstanceId instance) {
    return call(() -> engine.instance(instance));
  }

  @Override
  public List<AttemptStatus> attempts(InstanceId instance) {
    return call(() -> engine.attempts(instance));
  }

  @Override
  public InputStream openLog(InstanceId instance, LogKind kind, boolean follow) {
    InputStream present = call(() -> engine.openLog(instance, kind, false));
    return follow ? new FollowedLog(time, present, () -> hasNothingUnderWay(instance)) : present;
  }

  @Override
  public InputStream openLog(AttemptId attempt, LogKind kind, long position, boolean follow) {
    InputStream present = call(() -> engine.openLog(attempt, kind, position, false));
    return follow
        ? new FollowedLog(time, present, () -> hasNothingUnderWay(attempt.instance()))
        : present;
  }

  private boolean hasNothingUnderWay(InstanceId instance) {
    return attempts(instance).stream().allMatch(attempt -> attempt.outcome().isPresent());
  }

  // ---- waiting and listening ----

  @Override
  public CompletionStage<JobStatus> whenOver(JobId job) {
    CompletableFuture<JobStatus> promise = new VirtualPromise<>(time);
    call(() -> engine.whenOver(job))
        .whenComplete(
            (status, failure) -> {
              if (failure == null) {
                promise.complete(status);
              } else {
                promise.completeExceptionally(failure);
              }
            });
    return promise;
  }

  @Override
  public JobStatus await(JobId job) throws InterruptedException {
    CompletableFuture<JobStatus> promise = promise(job);
    if (!letPassUntil(promise, () -> false)) {
      throw new IllegalStateException(
          "nothing is left to happen, and job "
              + job
              + " is not over; a stage of whenOver cannot wait");
    }
    return status(promise);
  }

  @Override
  public Optional<JobStatus> await(JobId job, Duration atMost) throws InterruptedException {
    CompletableFuture<JobStatus> promise = promise(job);
    boolean[] late = new boolean[1];
    Runnable alarm = time.timeline().after(atMost, () -> late[0] = true);
    try {
      return letPassUntil(promise, () -> late[0]) ? Optional.of(status(promise)) : Optional.empty();
    } finally {
      alarm.run();
    }
  }

  private CompletableFuture<JobStatus> promise(JobId job) {
    return call(() -> engine.whenOver(job)).toCompletableFuture();
  }

  /** Says whether the promise is settled. */
  private boolean letPassUntil(CompletableFuture<JobStatus> promise, Supplier<Boolean> late)
      throws InterruptedException {
    Thread caller = Thread.currentThread();
    run(
        () -> {
          time.runUntil(
              () -> promise.isDone() || late.get() || !life.isAlive() || caller.isInterrupted());
          life.checkAlive();
        });
    if (!promise.isDone() && Thread.interrupted()) {
      throw new InterruptedException();
    }
    return promise.isDone();
  }

  /** Each caller gets an exception of its own, as from the shipped engine. */
  private static JobStatus status(CompletableFuture<JobStatus> settled) {
    try {
      return settled.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof EngineException cause) {
        throw new EngineException(
            cause.code(), cause.subject(), String.valueOf(cause.getMessage()), cause);
      }
      throw e;
    }
  }

  @Override
  public Subscription subscribe(EventListener listener) {
    return call(() -> engine.subscribe(listener));
  }

  @Override
  public Subscription subscribe(EventFilter filter, long after, EventListener listener) {
    return call(() -> engine.subscribe(filter, after, listener));
  }

  @Override
  public Subscription subscribe(String consumer, EventFilter filter, EventListener listener) {
    return call(() -> engine.subscribe(consumer, filter, listener));
  }

  @Override
  public void forgetConsumer(String consumer) {
    run(() -> engine.forgetConsumer(consumer));
  }

  @Override
  public Manifest outputs(AttemptId attempt) {
    return call(() -> engine.outputs(attempt));
  }

  @Override
  public UsageTotals usage(JobId job) {
    return call(() -> engine.usage(job));
  }

  @Override
  public UsageTotals usage(JobId job, TaskName task) {
    return call(() -> engine.usage(job, task));
  }

  @Override
  public SortedMap<String, UsageTotals> usageByOwner() {
    return call(engine::usageByOwner);
  }

  @Override
  public long lastPosition() {
    return call(engine::lastPosition);
  }

  @Override
  public EventPage events(EventQuery query) {
    return call(() -> engine.events(query));
  }

  @Override
  public void close() {
    shutDown(Closing.detach());
  }

  @Override
  public void shutDown(Closing how) {
    time.checkThread();
    if (!life.isAlive()) {
      return; // a dead host has let go of everything
    }
    run(() -> engine.shutDown(how));
    onClose.run();
  }
}
