package dev.windlass.core.runtime;

import dev.windlass.JobStatus;
import dev.windlass.core.execution.Attempts;
import dev.windlass.core.job.Core;
import dev.windlass.core.job.Effect;
import dev.windlass.core.job.Input;
import dev.windlass.core.job.InstanceRecord;
import dev.windlass.core.job.Now;
import dev.windlass.core.job.StoredJob;
import dev.windlass.core.staging.RunFiles;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.EventListener;
import dev.windlass.job.AttemptId;
import dev.windlass.job.JobId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a core: one loop thread that owns it, one committing thread, and the effects.
 *
 * <p>The loop takes all inputs that have come, gives them to the core, ends the turn, hands the
 * changes to the committing thread and carries out what need not wait. It waits for nobody but for
 * inputs and timers.
 *
 * <p>When the store fails, the core is thrown away: it knows things that may not be durable.
 * Attempts go on meanwhile. Once the store can be written again, a new core is made from what it
 * holds and told what the attempts have come to, exactly as after a restart of the host.
 */
public final class EngineLoop implements AutoCloseable, Committer.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);

  /**
   * So many changes may be on their way to the store before no more instances are placed: the loop
   * must not run away from the disc, and memory is bounded.
   */
  private static final int MAX_UNCOMMITTED = 20_000;

  /**
   * A turn ends after so many inputs, so that what follows from the first does not wait for the
   * last.
   */
  private static final int MAX_INPUTS_PER_TURN = 1_000;

  private final StateStore store;
  private final Supplier<Core> cores;
  private final Set<String> executors;
  private final RunFiles files;
  private final Clock clock;
  private final Notifier notifier = new Notifier();
  private final Committer committer;
  private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
  private final Map<Long, CompletableFuture<Void>> requests = new ConcurrentHashMap<>();
  private final AtomicLong requestNumbers = new AtomicLong();
  private final Thread loop = new Thread(this::loop, "windlass-loop");
  private final Thread committing;

  /** Jobs whose submitters were told that they were not accepted. Owned by the loop. */
  private final Map<Long, JobId> submissions = new ConcurrentHashMap<>();

  private final Set<JobId> disowned = ConcurrentHashMap.newKeySet();

  private @Nullable Attempts attempts;

  /** Why nothing can be asked of the engine at present; null while all is well. */
  private volatile @Nullable EngineException refusal;

  // Owned by the loop thread.
  private @Nullable Core core;
  private int epoch;
  private boolean throttled;
  private volatile boolean ended;

  /**
   * A loop that does not run yet.
   *
   * @param cores makes an empty core
   * @param executors names of all executors
   */
  public EngineLoop(
      StateStore store, Supplier<Core> cores, Set<String> executors, RunFiles files, Clock clock) {
    this.store = store;
    this.cores = cores;
    this.executors = Set.copyOf(executors);
    this.files = files;
    this.clock = clock;
    this.committer = new Committer(store, this);
    this.committing = new Thread(committer, "windlass-store");
    loop.setDaemon(true);
    committing.setDaemon(true);
  }

  /** Takes an input; may be called from any thread. */
  public void accept(Input input) {
    inbox.add(
        () -> {
          if (core != null) {
            core.apply(input, clock.now());
          }
        });
  }

  /**
   * Begins with what the store holds, and asks the executors what became of it.
   *
   * @throws EngineException if the store cannot be read, or attempts are under way on an executor
   *     that is not there
   */
  public void start(Attempts started) {
    attempts = started;
    List<StoredJob> notOver = store.loadNotOver();
    Map<String, Set<AttemptId>> expected = expected(notOver);
    for (String executor : expected.keySet()) {
      if (!executors.contains(executor)) {
        throw new EngineException(
            ErrorCode.UNSATISFIABLE,
            executor,
            "attempts are under way on executor '"
                + executor
                + "', which this engine was not given; open it with that executor");
      }
    }
    core = newCore(notOver);
    loop.start();
    committing.start();
    for (String executor : executors) {
      started.recover(executor, expected.getOrDefault(executor, Set.of()));
    }
    started.sweepOnceRecovered(job -> store.job(job).isPresent());
  }

  private static Map<String, Set<AttemptId>> expected(List<StoredJob> jobs) {
    Map<String, Set<AttemptId>> expected = new HashMap<>();
    for (StoredJob job : jobs) {
      for (List<InstanceRecord> task : job.open()) {
        for (InstanceRecord instance : task) {
          if (instance.active()) {
            expected
                .computeIfAbsent(instance.executor(), name -> new HashSet<>())
                .add(instance.id().attempt(instance.attempt()));
          }
        }
      }
    }
    return expected;
  }

  private Core newCore(List<StoredJob> notOver) {
    Core made = cores.get();
    Now now = clock.now();
    for (StoredJob job : notOver) {
      made.apply(new Input.Recovered(job), now);
    }
    return made;
  }

  private Attempts attempts() {
    Attempts present = attempts;
    if (present == null) {
      throw new IllegalStateException("not started");
    }
    return present;
  }

  // ---- the loop ----

  private void loop() {
    try {
      while (!ended) {
        turn();
        awaitInput();
      }
    } catch (InterruptedException e) {
      giveUp(e);
    } catch (RuntimeException | Error e) {
      // The edge of the loop: a broken invariant must stop the engine, loudly, and lose nothing.
      giveUp(e);
    }
  }

  private void giveUp(Throwable cause) {
    LOG.error(
        "the engine stops: a defect was found; what runs is taken up again at the next start",
        cause);
    givenUp(
        new EngineException(
            ErrorCode.INTERNAL, "", "the engine has stopped because of a defect: " + cause, cause));
  }

  private void awaitInput() throws InterruptedException {
    OptionalLong timer = core == null ? OptionalLong.empty() : core.nextTimerNanos();
    Runnable first;
    if (timer.isPresent()) {
      first = inbox.poll(Math.max(0, timer.getAsLong() - clock.nanos()), TimeUnit.NANOSECONDS);
    } else {
      first = inbox.take();
    }
    if (first != null) {
      first.run();
      for (int i = 0; i < MAX_INPUTS_PER_TURN && !ended; i++) {
        Runnable next = inbox.poll();
        if (next == null) {
          break;
        }
        next.run();
      }
    }
  }

  private void turn() {
    if (core == null) {
      return;
    }
    int room = MAX_UNCOMMITTED - committer.uncommitted();
    throttled = room <= 0;
    Core.Turn turn = core.endTurn(Math.max(0, room), clock.now());
    if (turn.isEmpty()) {
      return;
    }
    if (!turn.changes().isEmpty() || !turn.afterCommit().isEmpty()) {
      committer.commit(new Group(turn.changes(), turn.afterCommit()), epoch);
    }
    for (Effect effect : turn.now()) {
      carryOut(effect);
    }
  }

  private void carryOut(Effect effect) {
    if (effect instanceof Effect.Launch launch) {
      attempts().launch(launch);
    } else if (effect instanceof Effect.Conclude conclude) {
      attempts().conclude(conclude);
    } else if (effect instanceof Effect.Cancel cancel) {
      attempts().cancel(cancel);
    } else if (effect instanceof Effect.Load load) {
      committer.load(load.job(), epoch);
    } else if (effect instanceof Effect.Release release) {
      attempts().release(release.id());
    } else if (effect instanceof Effect.Feed feed) {
      accept(feed.input());
    } else if (effect instanceof Effect.Emit emit) {
      notifier.event(emit.event());
    } else if (effect instanceof Effect.Reply reply) {
      reply(reply.request(), null);
    } else if (effect instanceof Effect.Refuse refuse) {
      reply(refuse.request(), refusal(refuse));
    } else if (effect instanceof Effect.JobOver over) {
      over(over);
    } else if (effect instanceof Effect.ForgetFiles forget) {
      files.forget(forget.job());
    } else {
      throw new AssertionError("unknown effect " + effect);
    }
  }

  private void over(Effect.JobOver over) {
    if (over.status().isPresent()) {
      notifier.over(over.job(), over.status().get());
    } else {
      notifier.gone(over.job(), notFound(over.job()));
    }
  }

  private static EngineException refusal(Effect.Refuse refuse) {
    return switch (refuse.refusal()) {
      case NOT_FOUND -> notFound(refuse.job());
      case STATE_CONFLICT ->
          new EngineException(
              ErrorCode.STATE_CONFLICT,
              refuse.job().value(),
              "job " + refuse.job() + ": " + refuse.detail());
    };
  }

  /** There is no such job. */
  public static EngineException notFound(JobId job) {
    return new EngineException(ErrorCode.NOT_FOUND, job.value(), "there is no job " + job);
  }

  private void reply(long request, @Nullable EngineException refused) {
    submissions.remove(request);
    CompletableFuture<Void> promise = requests.remove(request);
    if (promise != null) {
      if (refused == null) {
        promise.complete(null);
      } else {
        promise.completeExceptionally(refused);
      }
    }
  }

  // ---- the committing thread tells ----

  @Override
  public void committed(Group group) {
    for (Effect effect : group.effects()) {
      carryOut(effect);
    }
    // The loop may have stopped placing because too much was on its way.
    inbox.add(
        () -> {
          if (core != null && throttled) {
            core.apply(new Input.Wake(), clock.now());
          }
        });
  }

  @Override
  public void loaded(JobId job, Optional<StoredJob> stored, int loadEpoch) {
    inbox.add(
        () -> {
          if (core != null && epoch == loadEpoch) {
            core.apply(new Input.Loaded(job, stored.orElse(null)), clock.now());
          }
        });
  }

  @Override
  public void failed(EngineException cause) {
    refusal = cause;
    inbox.add(
        () -> {
          core = null;
          failRequests(cause);
        });
  }

  /**
   * What a caller is told now stays true: a submission that reached the file after all is removed
   * again.
   */
  private void failRequests(EngineException cause) {
    for (Long request : Set.copyOf(requests.keySet())) {
      JobId submitted = submissions.get(request);
      if (submitted != null) {
        disowned.add(submitted);
      }
      reply(request, copyOf(cause));
    }
  }

  @Override
  public void reopened(List<StoredJob> notOver, int newEpoch) {
    inbox.add(
        () -> {
          epoch = newEpoch;
          failRequests(store("the state store failed"));
          core = newCore(notOver);
          for (JobId job : Set.copyOf(disowned)) {
            core.apply(new Input.Stop(-1, job), clock.now());
            core.apply(new Input.Delete(-1, job), clock.now());
            disowned.remove(job);
          }
          for (String executor : executors) {
            core.apply(new Input.ExecutorReady(executor, attempts().alive(executor)), clock.now());
          }
          attempts().tellAgain();
          refusal = null;
        });
    for (JobId job : notifier.awaited()) {
      try {
        tellIfOver(job);
      } catch (EngineException e) {
        LOG.warn("those who wait for job {} are told later", job, e);
      }
    }
  }

  private static EngineException store(String message) {
    return new EngineException(ErrorCode.STORE_UNAVAILABLE, "", message);
  }

  @Override
  public void givenUp(EngineException cause) {
    refusal = cause;
    ended = true;
    inbox.add(() -> {});
    for (Long request : Set.copyOf(requests.keySet())) {
      reply(request, copyOf(cause));
    }
    notifier.awaited().forEach(job -> notifier.gone(job, copyOf(cause)));
  }

  /** Each caller gets an exception of its own, with its own stack trace. */
  private static EngineException copyOf(EngineException cause) {
    return new EngineException(
        cause.code(), cause.subject(), String.valueOf(cause.getMessage()), cause);
  }

  // ---- callers ----

  /** Says that the engine cannot be asked, if so. */
  public void checkUsable() {
    EngineException present = refusal;
    if (present != null) {
      throw copyOf(present);
    }
  }

  /**
   * Carries out a user's operation and waits until it is durable, or refused.
   *
   * @param operation makes the input from the number of the request
   */
  public void request(LongFunction<Input> operation) {
    checkUsable();
    long number = requestNumbers.incrementAndGet();
    CompletableFuture<Void> promise = new CompletableFuture<>();
    Input input = operation.apply(number);
    if (input instanceof Input.Submit submit) {
      submissions.put(number, submit.job());
    }
    requests.put(number, promise);
    accept(input);
    EngineException present = refusal;
    if (present != null) {
      // It failed between the check and now; whoever told the others may not have seen this one.
      reply(number, copyOf(present));
    }
    try {
      promise.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof EngineException told ? copyOf(told) : e;
    }
  }

  /** A promise that is kept when a job is over. */
  public CompletableFuture<JobStatus> whenOver(JobId job) {
    checkUsable();
    CompletableFuture<JobStatus> promise = notifier.whenOver(job);
    tellIfOver(job);
    return promise;
  }

  /** It may have been over before anybody waited for it. */
  private void tellIfOver(JobId job) {
    Optional<JobStatus> status = store.job(job);
    if (status.isEmpty()) {
      notifier.gone(job, notFound(job));
    } else if (status.get().isOver()) {
      notifier.over(job, status.get());
    }
  }

  /** Adds a listener; what is given back takes it away. */
  public Runnable subscribe(EventListener listener) {
    return notifier.add(listener);
  }

  /** Stops the loop, commits what it has produced, and ends all threads. Blocks. Idempotent. */
  @Override
  public void close() {
    EngineException closed =
        new EngineException(ErrorCode.ENGINE_CLOSED, "", "the engine is closed");
    refusal = closed;
    ended = true;
    inbox.add(() -> {});
    join(loop);
    if (attempts != null) {
      attempts.close();
    }
    committer.end();
    join(committing);
    for (Long request : Set.copyOf(requests.keySet())) {
      reply(request, copyOf(closed));
    }
    notifier.close(closed);
  }

  /** An interrupt does not break the wait; it is kept for the caller. */
  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive() && Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
