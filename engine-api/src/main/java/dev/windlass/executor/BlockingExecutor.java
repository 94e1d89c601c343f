package dev.windlass.executor;

import dev.windlass.error.ErrorCode;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An executor made from a function that blocks until an attempt is over.
 *
 * <pre>{@code
 * Executor greeter =
 *     new BlockingExecutor(
 *         new ExecutorInfo("greeter", Set.of(), Resources.cpus(4)),
 *         (spec, cancellation) -> {
 *           System.out.println("hello from " + spec.id());
 *           return new Outcome.Exited(0);
 *         });
 * }</pre>
 *
 * <p>Each attempt has a thread of its own while it runs, named after it. Cancelling sets the {@link
 * Cancellation} and interrupts that thread; Java cannot do more, so an attempt is over when the
 * function returns and not before. To keep to the grace period is up to the function. Evidence
 * lives in this JVM only: after a crash of the host the engine runs again what was running.
 */
public final class BlockingExecutor implements Executor {

  /** The work. Called once for each attempt, on a thread of that attempt's own. */
  @FunctionalInterface
  public interface Work {
    /**
     * Runs an attempt to its end.
     *
     * @param spec what to run
     * @param cancellation tells when to give up
     * @return how it ended
     * @throws Exception anything; reported as {@link Outcome.Lost}, or as cancelled if the attempt
     *     was cancelled
     */
    Outcome run(AttemptSpec spec, Cancellation cancellation) throws Exception;

    /**
     * Looks at an attempt that is about to be launched, on the caller's thread, and says why it can
     * never begin: because there is no such program, for example. {@link #launch} then refuses it
     * with {@code CANNOT_START}. The default has no objection.
     *
     * @param spec what is to run
     * @return one sentence for the user, or empty if the attempt may begin
     */
    default Optional<String> objection(AttemptSpec spec) {
      return Optional.empty();
    }
  }

  /** Tells running work that it should end. Safe for use by several threads. */
  public interface Cancellation {
    /**
     * Says whether the attempt was cancelled.
     *
     * @return true from then on; the interrupt that comes with it has been delivered by then, so
     *     that work that clears it and goes on to tidy up is not interrupted by it once more
     */
    boolean isRequested();

    /**
     * How long the attempt may still take to end by itself. A second cancellation can shorten it;
     * the attempt's thread is interrupted again then.
     *
     * @return zero once the grace period is over, and also while nothing is requested
     */
    Duration graceLeft();
  }

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

  /** Times of {@link System#nanoTime} must stay comparable. */
  private static final long LONGEST_GRACE_NANOS = Long.MAX_VALUE / 4;

  private static final AtomicLong INSTANCES = new AtomicLong();

  private final ExecutorInfo info;
  private final Work work;
  private final InstantSource clock = InstantSource.system();

  /** All known attempts, released ones excepted. Guarded by itself. */
  private final Map<AttemptId, Run> runs = new HashMap<>();

  /** Attempts of an earlier life: nothing is launched under their ids. Guarded by {@link #runs}. */
  private final Map<AttemptId, AttemptReport.Ended> fenced = new HashMap<>();

  private final ExecutorService threads;
  private @Nullable ExecutorContext context;

  /** Reports on their way to the context. Guarded by {@link #runs}. */
  private int reporting;

  /**
   * Makes an executor.
   *
   * @param info its name, capabilities and capacity; must not declare {@link
   *     Capability#SURVIVES_HOST}
   * @param work the function
   * @throws IllegalArgumentException if the info claims that evidence outlives this JVM
   */
  public BlockingExecutor(ExecutorInfo info, Work work) {
    this.info = Objects.requireNonNull(info, "info");
    this.work = Objects.requireNonNull(work, "work");
    if (info.can(Capability.SURVIVES_HOST)) {
      throw new IllegalArgumentException("work in this JVM does not survive it");
    }
    String prefix = "windlass-" + info.name() + "-" + INSTANCES.incrementAndGet();
    AtomicLong count = new AtomicLong();
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, prefix + "-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public ExecutorInfo info() {
    return info;
  }

  @Override
  public void open(ExecutorContext openedFor) {
    synchronized (runs) {
      context = openedFor;
    }
  }

  @Override
  public void launch(AttemptSpec spec) {
    info.checkNeeds(spec);
    if (isKnown(spec.id())) {
      // Not looked at again: what it began with may be gone by now.
      return;
    }
    work.objection(spec).ifPresent(objection -> refuse(spec, objection));
    Run run = new Run(spec);
    synchronized (runs) {
      if (isKnown(spec.id())) {
        return;
      }
      runs.put(spec.id(), run);
    }
    try {
      threads.execute(run);
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      // Closed, or the host has no thread to give.
      release(spec.id());
      throw new ExecutorException(
          ErrorCode.NO_CAPACITY, spec.id(), "no thread for the attempt: " + e.getMessage(), e);
    }
  }

  private boolean isKnown(AttemptId id) {
    synchronized (runs) {
      return fenced.containsKey(id) || runs.containsKey(id);
    }
  }

  private static void refuse(AttemptSpec spec, String objection) {
    throw new ExecutorException(ErrorCode.CANNOT_START, spec.id(), objection, /* cause= */ null);
  }

  @Override
  public void cancel(AttemptId id, Duration grace) {
    Run run;
    synchronized (runs) {
      run = runs.get(id);
    }
    if (run != null) {
      run.cancel(grace);
    }
  }

  @Override
  public Collection<AttemptReport> recover(Set<AttemptId> expected) {
    List<AttemptReport> reports = new ArrayList<>();
    synchronized (runs) {
      for (AttemptId id : expected) {
        if (!runs.containsKey(id)) {
          fenced.computeIfAbsent(id, this::lost);
        }
      }
      reports.addAll(fenced.values());
      runs.values().forEach(run -> reports.add(run.evidence()));
    }
    return reports;
  }

  private AttemptReport.Ended lost(AttemptId id) {
    return new AttemptReport.Ended(
        id, clock.instant(), new Outcome.Lost("the host that ran it has ended"), Usage.unknown());
  }

  @Override
  public void release(AttemptId id) {
    synchronized (runs) {
      fenced.remove(id);
      runs.remove(id);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Waits until running work has ended, but at most 10 seconds for work that takes no notice of
   * the interrupt.
   */
  @Override
  public void close() {
    List<Run> left;
    synchronized (runs) {
      context = null;
      left = List.copyOf(runs.values());
    }
    left.forEach(run -> run.cancel(Duration.ZERO));
    threads.shutdown();
    try {
      awaitReports();
      threads.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReports() throws InterruptedException {
    long deadline = System.nanoTime() + CLOSE_PATIENCE.toNanos();
    synchronized (runs) {
      while (reporting > 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return;
        }
        runs.wait(left);
      }
    }
  }

  /** Nothing is reported after close; the context is then gone. */
  private void report(AttemptReport report) {
    ExecutorContext target;
    synchronized (runs) {
      target = context;
      if (target == null) {
        return;
      }
      reporting++;
    }
    try {
      target.report(report);
    } finally {
      synchronized (runs) {
        reporting--;
        runs.notifyAll();
      }
    }
  }

  /** One attempt. Its fields are guarded by the run itself. */
  private final class Run implements Runnable, Cancellation {
    private final AttemptSpec spec;
    private boolean cancelled;
    private long endNanos;
    private @Nullable Thread thread;
    private Instant started = Instant.EPOCH;
    private AttemptReport.@Nullable Ended ended;

    Run(AttemptSpec spec) {
      this.spec = spec;
    }

    @Override
    public synchronized boolean isRequested() {
      return cancelled;
    }

    @Override
    public synchronized Duration graceLeft() {
      long left = cancelled ? endNanos - System.nanoTime() : 0;
      return Duration.ofNanos(Math.max(0, left));
    }

    synchronized void cancel(Duration grace) {
      long end =
          System.nanoTime() + Math.min(TimeUnit.NANOSECONDS.convert(grace), LONGEST_GRACE_NANOS);
      endNanos = cancelled && endNanos - end < 0 ? endNanos : end;
      cancelled = true;
      if (thread != null) {
        thread.interrupt();
      }
    }

    /** An attempt on its way to its thread counts as started: it will begin in this very JVM. */
    synchronized AttemptReport evidence() {
      return ended != null ? ended : new AttemptReport.Started(spec.id(), startTime());
    }

    private Instant startTime() {
      return started.equals(Instant.EPOCH) ? clock.instant() : started;
    }

    @Override
    public void run() {
      boolean begins;
      synchronized (this) {
        begins = !cancelled;
        started = clock.instant();
        thread = begins ? Thread.currentThread() : null;
      }
      long startNanos = System.nanoTime();
      Outcome outcome = begins ? work() : new Outcome.Cancelled();
      Usage usage =
          begins
              ? new Usage(
                  Optional.of(Duration.ofNanos(System.nanoTime() - startNanos)),
                  Optional.empty(),
                  OptionalLong.empty())
              : Usage.unknown();
      AttemptReport.Ended end = new AttemptReport.Ended(spec.id(), clock.instant(), outcome, usage);
      synchronized (this) {
        thread = null;
        ended = end;
      }
      // The flag may have been set for this attempt; the thread goes on to serve others.
      Thread.interrupted();
      report(end);
    }

    private Outcome work() {
      report(new AttemptReport.Started(spec.id(), started));
      try {
        return Objects.requireNonNull(work.run(spec, this), "outcome");
      } catch (InterruptedException e) {
        return isRequested() ? new Outcome.Cancelled() : new Outcome.Lost("interrupted: " + e);
      } catch (Throwable e) {
        // The edge of foreign code: whatever it throws is a fact about this attempt and no other.
        return isRequested()
            ? new Outcome.Cancelled()
            : new Outcome.Lost("the executor threw " + e);
      }
    }
  }
}
