package dev.windlass.core.engine;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.util.concurrent.Striped;
import dev.windlass.AttemptStatus;
import dev.windlass.Closing;
import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobOperation;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.LogBound;
import dev.windlass.LogKind;
import dev.windlass.Managed;
import dev.windlass.Manifest;
import dev.windlass.NamedResource;
import dev.windlass.Page;
import dev.windlass.ReservedCapacity;
import dev.windlass.SecretProvider;
import dev.windlass.TaskStatus;
import dev.windlass.UsageTotals;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.ClusterState;
import dev.windlass.cluster.ClusterStatus;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.core.execution.Attempts;
import dev.windlass.core.job.Core;
import dev.windlass.core.job.Explainer;
import dev.windlass.core.job.Input;
import dev.windlass.core.platform.Platform;
import dev.windlass.core.platform.ThreadPlatform;
import dev.windlass.core.runtime.EngineLoop;
import dev.windlass.core.staging.Publisher;
import dev.windlass.core.staging.RunFiles;
import dev.windlass.core.staging.Secrets;
import dev.windlass.core.staging.Stager;
import dev.windlass.core.staging.Storages;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventListener;
import dev.windlass.event.EventPage;
import dev.windlass.event.EventQuery;
import dev.windlass.executor.Executor;
import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.storage.Storage;
import dev.windlass.why.InstanceExplanation;
import dev.windlass.why.JobExplanation;
import dev.windlass.why.TaskExplanation;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine that a host sees: turns calls into inputs of the loop, and answers questions from the
 * store, where only what is durable stands.
 */
public final class WindlassEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(WindlassEngine.class);

  /** Source: reference, section 8. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_]{1,64}");

  private static final Pattern CONSUMER = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final StateStore store;
  private final Storages storages;
  private final ImmutableMap<String, Storage> toClose;
  private final Platform platform;
  private final Runnable giveUpOwnership;
  private final Secrets secrets;
  private final RunFiles files;
  private final StoredAnswers answers;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Striped<Lock> tokens = Striped.lock(64);
  private final AtomicLong sequences;
  private ClusterRequests clusterRequests;

  /** What a host that only looks has none of. */
  private @Nullable EngineLoop loop;

  private @Nullable Winding winding;

  private @Nullable Admission admission;
  private @Nullable Why why;
  private @Nullable Purge purge;

  private WindlassEngine(
      Path directory,
      StateStore store,
      ImmutableMap<String, Storage> storages,
      Optional<SecretProvider> secrets,
      LogBound logBound,
      Platform platform,
      Runnable giveUpOwnership) {
    this.store = store;
    this.storages = new Storages(storages);
    this.toClose = storages;
    this.platform = platform;
    this.giveUpOwnership = giveUpOwnership;
    this.files = new RunFiles(directory.resolve("runs"), logBound);
    this.secrets = new Secrets(secrets);
    this.answers =
        new StoredAnswers(
            store, files, new Logs(store, files, this.storages, this.secrets, logBound));
    this.sequences = new AtomicLong(store.lastSequence());
    this.clusterRequests =
        new ClusterRequests(store, Optional.empty(), this::running, cluster -> {});
  }

  /**
   * An engine that can be asked only. It closes the store, the storages and the executors.
   *
   * @param executors never opened; they are asked only what they offer
   */
  public static Engine readOnly(
      Path directory,
      StateStore store,
      ImmutableMap<String, Storage> storages,
      Optional<SecretProvider> secrets,
      LogBound logBound,
      ImmutableMap<String, Executor> executors,
      ImmutableList<ClusterDescription> clusters,
      InstanceTypes types) {
    WindlassEngine engine =
        new WindlassEngine(
            directory,
            store,
            storages,
            secrets,
            logBound,
            new ThreadPlatform(),
            () -> executors.values().forEach(Executor::close));
    engine.why =
        new Why(
            store,
            new StoredCore(
                store, new Clusters(executors, clusters, types, any -> Optional.empty())));
    return engine;
  }

  /**
   * An engine that goes on with what the store holds.
   *
   * @throws EngineException as {@link dev.windlass.core.EngineBuilder#open}; the store is then left
   *     to the caller
   */
  public static Engine of(Parts parts) {
    WindlassEngine engine =
        new WindlassEngine(
            parts.directory(),
            parts.store(),
            parts.storages(),
            parts.secrets(),
            parts.logBound(),
            parts.platform(),
            parts.giveUpOwnership());
    engine.start(parts);
    return engine;
  }

  private void start(Parts parts) {
    Clusters known =
        new Clusters(
            parts.executors(),
            parts.clusters(),
            parts.instanceTypes(),
            name ->
                store
                    .cluster(name)
                    .filter(cluster -> cluster.state() == ClusterState.ACTIVE)
                    .map(ClusterStatus::description));
    Admission checks =
        new Admission(known, storages, secrets, this::activeClusters, store::namedResources);
    clusterRequests = new ClusterRequests(store, Optional.of(known), this::running, checks::check);
    clusterRequests.checkNames();
    admission = checks;
    EngineLoop made =
        new EngineLoop(
            store,
            () -> new Core(known.pools(), known::plan, known::keepsNodes, parts.stopGrace()),
            parts.executors().keySet(),
            files,
            parts.eventRetention(),
            platform);
    Attempts attempts =
        new Attempts(
            parts.executors(),
            files,
            new Stager(storages),
            new Publisher(storages),
            secrets,
            parts.logBound(),
            platform,
            new StoredRecords(store),
            made::accept);
    Path executorFiles = parts.directory().resolve("executors");
    attempts.open(store.engineId(), name -> EngineDirectory.make(executorFiles.resolve(name)));
    try {
      made.start(attempts);
    } catch (RuntimeException e) {
      attempts.close();
      throw e;
    }
    winding = new Winding(made, platform, parts.stopGrace());
    loop = made;
    if (!parts.retention().isForever()) {
      Purge purging = new Purge(parts.retention(), store, made::accept, platform);
      purge = purging;
      var unused = made.subscribe(purging);
      purging.start();
    }
    why =
        new Why(
            store,
            new Why.Asker() {
              @Override
              public <T> T ask(Function<Explainer, T> question) {
                return made.ask(core -> question.apply(core.explainer()));
              }
            });
  }

  private List<ClusterName> activeClusters() {
    return clusterRequests.active();
  }

  // ---- changes ----

  @Override
  public JobId submit(JobDescription job) {
    Objects.requireNonNull(job, "job");
    return submit(job, Optional.empty());
  }

  @Override
  public JobId submit(JobDescription job, String token) {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(token, "token");
    running();
    if (!TOKEN.matcher(token).matches()) {
      throw new EngineException(
          ErrorCode.NAME, token, "a token matches " + TOKEN.pattern() + ", was '" + token + "'");
    }
    Lock one = tokens.get(token);
    one.lock();
    try {
      Optional<JobId> earlier = store.jobOfToken(token);
      if (earlier.isEmpty() || running().withdrawIfDisowned(earlier.get())) {
        return submit(job, Optional.of(token));
      }
      Optional<JobDescription> first = store.description(earlier.get());
      if (first.isEmpty()) {
        return submit(job, Optional.of(token)); // it was deleted just now, and its token is free
      }
      if (!first.get().equals(job)) {
        throw new EngineException(
            ErrorCode.TOKEN_MISMATCH,
            earlier.get().value(),
            "the token was used with another description, for job " + earlier.get());
      }
      return earlier.get();
    } finally {
      one.unlock();
    }
  }

  private JobId submit(JobDescription job, Optional<String> token) {
    EngineLoop running = running();
    Objects.requireNonNull(admission, "admission").check(job);
    long sequence = sequences.incrementAndGet();
    JobId id = jobId(store.engineId(), sequence);
    running.request(number -> new Input.Submit(number, id, sequence, job, token));
    return id;
  }

  /** The first 24 digits tell the engine, the tail counts up (reference, section 9). */
  static JobId jobId(String engineId, long sequence) {
    return new JobId("job-" + engineId.substring(0, 24) + String.format("%08x", sequence));
  }

  @Override
  public void manage(JobId job, JobOperation operation, String reason) {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(operation, "operation");
    JobOperation.checkReason(reason);
    running().request(number -> new Input.Operate(number, job, operation, reason));
  }

  @Override
  public Page<Managed> manage(JobQuery jobs, JobOperation operation, String reason) {
    Objects.requireNonNull(jobs, "jobs");
    Objects.requireNonNull(operation, "operation");
    JobOperation.checkReason(reason);
    EngineLoop loop = running();
    Page<JobStatus> page = store.jobs(jobs);
    List<JobId> ids = page.items().stream().map(JobStatus::id).toList();
    List<Optional<EngineException>> answers =
        loop.requestAll(
            ids.stream()
                .<LongFunction<Input>>map(
                    job -> number -> new Input.Operate(number, job, operation, reason))
                .toList());
    List<Managed> managed = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      managed.add(new Managed(ids.get(i), answers.get(i)));
    }
    return new Page<>(managed, page.next());
  }

  @Override
  public void setMaxRunning(JobId job, OptionalInt maxRunning) {
    Objects.requireNonNull(job, "job");
    maxRunning.ifPresent(JobDescription.builder("any")::maxRunning);
    running().request(number -> new Input.SetMaxRunning(number, job, Optional.empty(), maxRunning));
  }

  @Override
  public void setMaxRunning(JobId job, TaskName task, OptionalInt maxRunning) {
    maxRunning.ifPresent(JobDescription.builder("any")::maxRunning);
    EngineLoop present = running();
    task(job, task); // NOT_FOUND is told here
    present.request(number -> new Input.SetMaxRunning(number, job, Optional.of(task), maxRunning));
  }

  @Override
  public void setRetry(JobId job, TaskName task, RetryPolicy retry) {
    Objects.requireNonNull(retry, "retry");
    EngineLoop present = running();
    task(job, task); // NOT_FOUND is told here
    TaskDescription described =
        Objects.requireNonNull(description(job).tasks().get(task), "a task of the job");
    Objects.requireNonNull(admission, "admission").check(job, described, retry);
    present.request(number -> new Input.SetRetry(number, job, task, retry));
  }

  @Override
  public void setNamedResource(String name, int total) {
    new NamedResource(name, total, 0); // checks name and range
    running().request(number -> new Input.SetNamedResource(number, name, total));
  }

  @Override
  public List<NamedResource> namedResources() {
    Map<String, Integer> inUse = running().namedInUse();
    return store.namedResources().entrySet().stream()
        .map(
            each ->
                new NamedResource(
                    each.getKey(), each.getValue(), inUse.getOrDefault(each.getKey(), 0)))
        .toList();
  }

  // ---- clusters ----

  @Override
  public void createCluster(ClusterDescription cluster) {
    clusterRequests.create(cluster);
  }

  @Override
  public void changeCluster(ClusterDescription cluster) {
    clusterRequests.change(cluster);
  }

  @Override
  public void setNodes(ClusterName cluster, String group, int nodes) {
    clusterRequests.setNodes(cluster, group, nodes);
  }

  @Override
  public void deleteCluster(ClusterName cluster) {
    clusterRequests.delete(cluster);
  }

  @Override
  public void drainNode(ClusterName cluster, String node) {
    clusterRequests.removeNode(cluster, node, Input.RemoveNode.Manner.DRAIN);
  }

  @Override
  public void deleteNode(ClusterName cluster, String node) {
    clusterRequests.removeNode(cluster, node, Input.RemoveNode.Manner.DELETE);
  }

  @Override
  public void recreateNode(ClusterName cluster, String node) {
    clusterRequests.removeNode(cluster, node, Input.RemoveNode.Manner.RECREATE);
  }

  @Override
  public ClusterStatus cluster(ClusterName cluster) {
    Objects.requireNonNull(cluster, "cluster");
    checkOpen();
    return clusterRequests.status(cluster);
  }

  @Override
  public List<ClusterStatus> clusters() {
    checkOpen();
    return clusterRequests.statuses();
  }

  @Override
  public List<NodeStatus> nodes(ClusterName cluster) {
    Objects.requireNonNull(cluster, "cluster");
    checkOpen();
    return clusterRequests.nodes(cluster);
  }

  // ---- what is kept ----

  @Override
  public void release(InstanceId instance) {
    EngineLoop present = running();
    instance(instance); // NOT_FOUND is told here
    present.request(
        number -> new Input.ReleaseReserved(number, instance.job(), Optional.of(instance)));
  }

  @Override
  public void releaseAll(JobId job) {
    EngineLoop present = running();
    job(job); // NOT_FOUND is told here
    present.request(number -> new Input.ReleaseReserved(number, job, Optional.empty()));
  }

  private EngineLoop running() {
    checkOpen();
    EngineLoop present = loop;
    if (present == null) {
      throw new EngineException(
          ErrorCode.STATE_CONFLICT, "", "the engine was opened to be looked at only");
    }
    return present;
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new EngineException(ErrorCode.ENGINE_CLOSED, "", "the engine is closed");
    }
    EngineLoop present = loop;
    if (present != null) {
      present.checkUsable();
    }
  }

  // ---- questions ----

  private StoredAnswers answers() {
    checkOpen();
    return answers;
  }

  @Override
  public JobStatus job(JobId job) {
    return answers().job(job);
  }

  @Override
  public JobDescription description(JobId job) {
    return answers().description(job);
  }

  @Override
  public Page<JobStatus> jobs(JobQuery query) {
    return answers().jobs(query);
  }

  @Override
  public List<TaskStatus> tasks(JobId job) {
    return answers().tasks(job);
  }

  @Override
  public TaskStatus task(JobId job, TaskName task) {
    return answers().task(job, task);
  }

  @Override
  public Page<InstanceStatus> instances(JobId job, TaskName task, InstanceQuery query) {
    return answers().instances(job, task, query);
  }

  @Override
  public InstanceStatus instance(InstanceId instance) {
    return answers().instance(instance);
  }

  @Override
  public List<AttemptStatus> attempts(InstanceId instance) {
    return answers().attempts(instance);
  }

  @Override
  public Manifest outputs(AttemptId attempt) {
    return answers().outputs(attempt);
  }

  @Override
  public UsageTotals usage(JobId job) {
    return answers().usage(job);
  }

  @Override
  public UsageTotals usage(JobId job, TaskName task) {
    return answers().usage(job, task);
  }

  @Override
  public SortedMap<String, UsageTotals> usageByOwner() {
    return answers().usageByOwner();
  }

  @Override
  public List<ReservedCapacity> reserved() {
    return answers().reserved();
  }

  @Override
  public InputStream openLog(InstanceId instance, LogKind kind, boolean follow) {
    return answers().openLog(instance, kind, follow);
  }

  @Override
  public InputStream openLog(AttemptId attempt, LogKind kind, long position, boolean follow) {
    return answers().openLog(attempt, kind, position, follow);
  }

  @Override
  public JobExplanation why(JobId job) {
    Objects.requireNonNull(job, "job");
    return explaining().job(job);
  }

  @Override
  public TaskExplanation why(JobId job, TaskName task) {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(task, "task");
    return explaining().task(job, task);
  }

  @Override
  public InstanceExplanation why(InstanceId instance) {
    Objects.requireNonNull(instance, "instance");
    return explaining().instance(instance);
  }

  private Why explaining() {
    checkOpen();
    return Objects.requireNonNull(why, "why");
  }

  // ---- waiting and listening ----

  @Override
  public CompletionStage<JobStatus> whenOver(JobId job) {
    return promise(job).minimalCompletionStage();
  }

  private CompletableFuture<JobStatus> promise(JobId job) {
    EngineLoop running = running();
    job(job); // NOT_FOUND is thrown here, not promised
    return running.whenOver(job);
  }

  @Override
  public JobStatus await(JobId job) throws InterruptedException {
    CompletableFuture<JobStatus> promise = promise(job);
    boolean settled = false;
    while (!settled) {
      settled = platform.await(promise, Duration.ofDays(1));
    }
    return status(promise);
  }

  @Override
  public Optional<JobStatus> await(JobId job, Duration atMost) throws InterruptedException {
    Objects.requireNonNull(atMost, "atMost");
    CompletableFuture<JobStatus> promise = promise(job);
    return platform.await(promise, atMost) ? Optional.of(status(promise)) : Optional.empty();
  }

  /** Each caller gets an exception of its own, with its own stack trace. */
  private static JobStatus status(CompletableFuture<JobStatus> settled) {
    try {
      return settled.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof EngineException cause) {
        throw new EngineException(
            cause.code(), cause.subject(), String.valueOf(cause.getMessage()), cause);
      }
      throw new EngineException(ErrorCode.INTERNAL, "", "waiting failed: " + e.getCause(), e);
    }
  }

  @Override
  public Subscription subscribe(EventListener listener) {
    Objects.requireNonNull(listener, "listener");
    Runnable end = running().subscribe(listener);
    return end::run;
  }

  @Override
  public Subscription subscribe(EventFilter filter, long after, EventListener listener) {
    EventQuery.of(Objects.requireNonNull(filter, "filter")).after(after); // checks the range
    Objects.requireNonNull(listener, "listener");
    Runnable end = running().subscribe(filter, after, listener);
    return end::run;
  }

  @Override
  public Subscription subscribe(String consumer, EventFilter filter, EventListener listener) {
    Objects.requireNonNull(filter, "filter");
    Objects.requireNonNull(listener, "listener");
    EngineLoop present = running();
    checkConsumer(consumer);
    Runnable end = present.subscribe(consumer, filter, listener);
    return end::run;
  }

  @Override
  public void forgetConsumer(String consumer) {
    EngineLoop present = running();
    checkConsumer(consumer);
    present.forgetConsumer(consumer);
  }

  private static void checkConsumer(String name) {
    if (!CONSUMER.matcher(Objects.requireNonNull(name, "consumer")).matches()) {
      throw new EngineException(
          ErrorCode.NAME,
          name,
          "the name of a consumer matches " + CONSUMER.pattern() + ", was '" + name + "'");
    }
  }

  @Override
  public long lastPosition() {
    checkOpen();
    return store.eventSpan().last();
  }

  @Override
  public EventPage events(EventQuery query) {
    Objects.requireNonNull(query, "query");
    checkOpen();
    return store.events(query);
  }

  @Override
  public void close() {
    shutDown(Closing.detach());
  }

  @Override
  public void shutDown(Closing how) {
    Objects.requireNonNull(how, "how");
    Winding work = winding;
    if (!closed.compareAndSet(false, true)) {
      if (work != null) {
        work.hurry();
      }
      return;
    }
    if (purge != null) {
      purge.close();
    }
    if (work != null) {
      work.down(how);
    }
    if (loop != null) {
      loop.close();
    }
    store.close();
    Set<Storage> once = Collections.newSetFromMap(new IdentityHashMap<>());
    once.addAll(toClose.values());
    for (Storage storage : once) {
      try {
        storage.close();
      } catch (RuntimeException | Error e) {
        LOG.warn("a storage failed to close", e);
      }
    }
    giveUpOwnership.run();
  }
}
