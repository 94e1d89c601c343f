package dev.windlass.core.runtime;

import com.google.common.collect.ImmutableSet;
import dev.windlass.JobStatus;
import dev.windlass.core.cluster.StoredCluster;
import dev.windlass.core.execution.Attempts;
import dev.windlass.core.flight.AttemptFlight;
import dev.windlass.core.flight.StoreFailureFlight;
import dev.windlass.core.flight.TurnFlight;
import dev.windlass.core.job.Core;
import dev.windlass.core.job.Effect;
import dev.windlass.core.job.Input;
import dev.windlass.core.job.InstanceRecord;
import dev.windlass.core.job.Now;
import dev.windlass.core.job.ReservedRecord;
import dev.windlass.core.job.StoredJob;
import dev.windlass.core.platform.Clock;
import dev.windlass.core.platform.Lane;
import dev.windlass.core.platform.Platform;
import dev.windlass.core.staging.RunFiles;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.Event;
import dev.windlass.event.EventFilter;
import dev.windlass.event.EventListener;
import dev.windlass.event.EventRetention;
import dev.windlass.job.AttemptId;
import dev.windlass.job.JobId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a core: a loop that owns it, a committer, and the effects.
 *
 * <p>A turn of the loop takes all inputs that have come, gives them to the core, ends its turn,
 * hands the changes to the committer and carries out what need not wait. It waits for nobody.
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
  private final ImmutableSet<String> executors;
  private final RunFiles files;
  private final Platform platform;
  private final Clock clock;
  private final Lane loop;
  private final Notifier notifier;
  private final Committer committer;
  private final Feed feed;
  private final EventPurger purger;
  private final Requests requests = new Requests();
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();

  /** What is asked of the core between two turns. */
  private final Questions questions = new Questions();

  /** True while a turn is on its way that will see what is in the inbox. */
  private final AtomicBoolean turning = new AtomicBoolean();

  private @Nullable Attempts attempts;

  /** Why nothing can be asked of the engine at present; null while all is well. */
  private volatile @Nullable EngineException refusal;

  private volatile boolean ended;

  /** As of the last turn. */
  private volatile Map<String, Integer> namedInUse = Map.of();

  // Owned by the loop.
  private @Nullable Core core;
  private int epoch;
  private long wakeNanos;
  private Lane.@Nullable Delayed wake;

  /**
   * A loop that does not run yet.
   *
   * @param cores makes an empty core
   * @param executors names of all executors
   * @param retention how many events are kept
   */
  public EngineLoop(
      StateStore store,
      Supplier<Core> cores,
      ImmutableSet<String> executors,
      RunFiles files,
      EventRetention retention,
      Platform platform) {
    this.store = store;
    this.cores = cores;
    this.executors = executors;
    this.files = files;
    this.platform = platform;
    this.clock = platform.clock();
    this.loop = platform.lane("windlass-loop");
    this.notifier = new Notifier(platform.lane("windlass-promises"));
    this.committer = new Committer(store, this, platform.lane("windlass-store"));
    this.feed = new Feed(store, platform, committer::note);
    this.purger =
        new EventPurger(store, retention, clock, platform.lane("windlass-purge"), committer::note);
  }

  /** Takes an input; may be called from any thread. */
  public void accept(Input input) {
    put(() -> apply(input));
  }

  private void apply(Input input) {
    if (core != null) {
      core.apply(input, now());
    }
  }

  private Now now() {
    return new Now(clock.instant(), clock.nanos());
  }

  private void put(Runnable input) {
    inbox.add(input);
    signal();
  }

  private void signal() {
    if (turning.compareAndSet(false, true)) {
      loop.execute(this::turn);
    }
  }

  /**
   * Begins with what the store holds, and asks the executors what became of it.
   *
   * @throws EngineException if the store cannot be read, or attempts are under way on an executor
   *     that is not there
   */
  public void start(Attempts started) {
    attempts = started;
    StoredState stored = StoredState.of(store);
    Map<String, Set<AttemptId>> expected = expected(stored.notOver());
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
    core = newCore(stored);
    signal();
    purger.look();
    started.sweepOnceRecovered(job -> store.job(job).isPresent(), this::isReserved);
    for (String executor : executors) {
      started.recover(executor, expected.getOrDefault(executor, Set.of()));
    }
  }

  private static Map<String, Set<AttemptId>> expected(List<StoredJob> jobs) {
    Map<String, Set<AttemptId>> expected = new TreeMap<>();
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

  private boolean isReserved(AttemptId attempt) {
    return store.reserved().stream().anyMatch(record -> record.attemptId().equals(attempt));
  }

  private Core newCore(StoredState stored) {
    Core made = cores.get();
    Now now = now();
    made.apply(new Input.NamedResourcesRecovered(stored.namedTotals()), now);
    for (StoredCluster cluster : stored.clusters()) {
      made.apply(new Input.ClusterRecovered(cluster), now);
    }
    for (ReservedRecord record : stored.reserved()) {
      made.apply(new Input.ReservedRecovered(record), now);
    }
    for (StoredJob job : stored.notOver()) {
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

  private void turn() {
    turning.set(false);
    if (ended) {
      return;
    }
    TurnFlight flight = new TurnFlight();
    flight.begin();
    try {
      int taken = takeInputs();
      endTurn();
      questions.answer(core);
      flight.ended(taken);
      if (!inbox.isEmpty()) {
        signal();
      }
      armTimer();
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

  /** Gives back how many there were. */
  private int takeInputs() {
    int taken = 0;
    while (taken < MAX_INPUTS_PER_TURN) {
      Runnable input = inbox.poll();
      if (input == null) {
        return taken;
      }
      input.run();
      taken++;
    }
    return taken;
  }

  private void endTurn() {
    if (core == null) {
      return;
    }
    int room = MAX_UNCOMMITTED - committer.uncommitted();
    Core.Turn turn = core.endTurn(Math.max(0, room), now());
    namedInUse = core.namedInUse();
    if (!turn.changes().isEmpty() || !turn.afterCommit().isEmpty()) {
      committer.commit(new Group(turn.changes(), turn.afterCommit()), epoch);
    }
    for (Effect effect : turn.now()) {
      carryOut(effect);
    }
  }

  /** Lets the next turn begin when the core's next timer is due, if nothing else makes it begin. */
  private void armTimer() {
    OptionalLong next = core == null ? OptionalLong.empty() : core.nextTimerNanos();
    Lane.Delayed armed = wake;
    if (armed != null && (next.isEmpty() || next.getAsLong() != wakeNanos)) {
      armed.cancel();
      wake = null;
    }
    if (wake == null && next.isPresent()) {
      wakeNanos = next.getAsLong();
      wake = loop.later(Duration.ofNanos(Math.max(0, wakeNanos - clock.nanos())), this::wakeUp);
    }
  }

  private void wakeUp() {
    wake = null;
    signal();
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
      attempts().release(release.id(), release.keepFiles());
    } else if (effect instanceof Effect.StartNode start) {
      attempts().startNode(start);
    } else if (effect instanceof Effect.EndNode end) {
      attempts().endNode(end);
    } else if (effect instanceof Effect.Feed feed) {
      accept(feed.input());
    } else if (effect instanceof Effect.Reply reply) {
      requests.done(reply.request());
    } else if (effect instanceof Effect.Refuse refuse) {
      requests.refuse(
          refuse.request(), new EngineException(refuse.code(), refuse.subject(), refuse.message()));
    } else if (effect instanceof Effect.JobOver over) {
      over(over);
    } else if (effect instanceof Effect.ForgetAttemptFiles forget) {
      attempts().forgetFiles(forget.id());
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

  /** There is no such job. */
  public static EngineException notFound(JobId job) {
    return new EngineException(ErrorCode.NOT_FOUND, job.value(), "there is no job " + job);
  }

  // ---- the committer tells ----

  @Override
  public void committed(Group group) {
    for (Effect effect : group.effects()) {
      carryOut(effect);
    }
    List<Event> events = group.events();
    if (!events.isEmpty()) {
      feed.signal();
      purger.recorded(events.size());
      events.forEach(EngineLoop::noteFlight);
    }
    if (group.purges()) {
      purger.look();
    }
    signal(); // it may have stopped placing because too much was on its way
  }

  private static void noteFlight(Event event) {
    if (event instanceof Event.AttemptEnded ended) {
      AttemptFlight.ended(ended.attempt(), ended.outcome());
    }
  }

  @Override
  public void loaded(JobId job, Optional<StoredJob> stored, int loadEpoch) {
    put(
        () -> {
          if (epoch == loadEpoch) {
            apply(new Input.Loaded(job, stored.orElse(null)));
          }
        });
  }

  @Override
  public void failed(EngineException cause) {
    StoreFailureFlight.failed(String.valueOf(cause.getMessage()));
    refusal = cause;
    put(
        () -> {
          core = null;
          requests.fail(cause);
        });
  }

  @Override
  public void reopened(StoredState stored, int newEpoch) {
    put(
        () -> {
          epoch = newEpoch;
          requests.fail(
              new EngineException(ErrorCode.STORE_UNAVAILABLE, "", "the state store failed"));
          core = newCore(stored);
          withdrawDisowned();
          // The others tell it themselves, as soon as they can.
          executors.stream()
              .filter(attempts()::hasRecovered)
              .map(executor -> new Input.ExecutorReady(executor, attempts().alive(executor)))
              .forEach(this::apply);
          attempts().tellAgain();
          attempts().sweepAgain();
          refusal = null;
        });
    feed.signal();
    purger.look();
    for (JobId job : notifier.awaited()) {
      try {
        tellIfOver(job);
      } catch (EngineException e) {
        LOG.warn("those who wait for job {} are told later", job, e);
      }
    }
  }

  private void withdrawDisowned() {
    if (core == null) {
      return; // once the store is open again
    }
    for (JobId job : requests.disowned()) {
      apply(requests.make(number -> new Input.Withdraw(number, job)).input());
    }
  }

  @Override
  public void givenUp(EngineException cause) {
    refusal = cause;
    ended = true;
    requests.breakAll(cause);
    questions.breakAll(cause);
    notifier.awaited().forEach(job -> notifier.gone(job, copyOf(cause)));
  }

  /** Each caller gets an exception of its own, with its own stack trace. */
  static EngineException copyOf(EngineException cause) {
    return new EngineException(
        cause.code(), cause.subject(), String.valueOf(cause.getMessage()), cause);
  }

  // ---- callers ----

  /** How many are booked of each named resource of the engine at present; immutable. */
  public Map<String, Integer> namedInUse() {
    return namedInUse;
  }

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
    join(promise(operation));
  }

  /**
   * Carries out users' operations, as far as can be in one commit, and waits until each is durable
   * or refused.
   *
   * @param operations make the inputs from the numbers of the requests
   * @return for each of them why it was refused; empty if it was not
   */
  public List<Optional<EngineException>> requestAll(List<LongFunction<Input>> operations) {
    checkUsable();
    return operations.stream().map(this::promise).toList().stream().map(this::refusalOf).toList();
  }

  private CompletableFuture<Void> promise(LongFunction<Input> operation) {
    Requests.Request request = requests.make(operation);
    accept(request.input());
    EngineException present = refusal;
    if (present != null) {
      // It failed between the check and now; whoever told the others may not have seen this one.
      requests.disown(request.number(), copyOf(present));
      put(this::withdrawDisowned);
    }
    return request.promise();
  }

  private Optional<EngineException> refusalOf(CompletableFuture<Void> promise) {
    try {
      join(promise);
      return Optional.empty();
    } catch (EngineException e) {
      return Optional.of(e);
    }
  }

  /**
   * Asks the core something between two turns, when all that could be placed has been. Waits for no
   * longer than a turn takes.
   *
   * @param question changes nothing; what it gives back does not share anything with the core
   * @throws EngineException {@code STORE_UNAVAILABLE} while there is no core, {@code ENGINE_CLOSED}
   *     or what has ended the loop
   */
  public <T> T ask(Function<Core, T> question) {
    checkUsable();
    CompletableFuture<T> answer = questions.put(question);
    signal();
    EngineException present = refusal;
    if (present != null) {
      questions.breakAll(present); // whoever told the others may not have seen this one
    }
    return join(answer);
  }

  private <T> T join(CompletableFuture<T> promise) {
    platform.await(promise);
    try {
      return promise.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof EngineException told ? copyOf(told) : e;
    }
  }

  /**
   * Sees to it that a job is not there if its submitter was told that it was not accepted, and
   * waits until that is durable.
   *
   * @return whether it is such a job
   */
  public boolean withdrawIfDisowned(JobId job) {
    if (!requests.isDisowned(job)) {
      return false;
    }
    try {
      request(number -> new Input.Withdraw(number, job));
    } catch (EngineException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
    }
    return true;
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

  /** Adds a listener of what happens from now on; what is given back takes it away. */
  public Runnable subscribe(EventListener listener) {
    return feed.subscribe(listener);
  }

  /** Adds a listener of what has happened since a position; what is given back takes it away. */
  public Runnable subscribe(EventFilter filter, long after, EventListener listener) {
    return feed.subscribe(filter, after, listener);
  }

  /** Adds a listener whose position is kept; what is given back takes it away. */
  public Runnable subscribe(String consumer, EventFilter filter, EventListener listener) {
    return feed.subscribe(
        consumer,
        filter,
        listener,
        () -> request(number -> new Input.AddConsumer(number, consumer)));
  }

  /** Forgets the position of a consumer that has no subscription. */
  public void forgetConsumer(String consumer) {
    feed.whileUnused(consumer, () -> request(number -> new Input.ForgetConsumer(number, consumer)));
  }

  /**
   * Lets nothing begin any more.
   *
   * @param endsWork whether what runs is ended
   * @return kept when nothing runs; broken if the store fails before that, or the engine has given
   *     up
   */
  public CompletableFuture<Void> windDown(boolean endsWork) {
    Requests.Request request = requests.make(number -> new Input.WindDown(number, endsWork));
    accept(request.input());
    return request.promise();
  }

  /** Stops the loop, commits what it has produced, and ends all lanes. Blocks. Idempotent. */
  @Override
  public void close() {
    EngineException closed =
        new EngineException(ErrorCode.ENGINE_CLOSED, "", "the engine is closed");
    refusal = closed;
    ended = true;
    loop.end();
    loop.awaitEnd();
    if (attempts != null) {
      attempts.close();
    }
    purger.close();
    feed.ending();
    committer.end();
    requests.breakAll(closed);
    questions.breakAll(closed);
    committer.noteLast(feed.close());
    notifier.close(closed);
  }
}
