package dev.windlass.executor.local;

import dev.windlass.executor.AttemptReport;
import dev.windlass.executor.ExecutorContext;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that follows all attempts and makes all reports.
 *
 * <p>It sleeps until something is put into its queue (an attempt, a cancellation, the end of a
 * launcher of this JVM), and looks around by itself only while something cannot announce itself: a
 * program about to begin, a launcher of an earlier JVM, a grace period, leftovers that are still
 * dying. However many attempts end at once, {@code /proc} is walked for all of them together.
 */
final class Watcher {

  private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

  /** While a program is about to begin, which takes a few milliseconds, and while leftovers die. */
  private static final long EAGER_MILLIS = 2;

  /**
   * While a program takes longer than that to begin, a launcher is not our child, or a grace period
   * runs.
   */
  private static final long PATIENT_MILLIS = 20;

  private static final int EAGER_LOOKS = 50;

  /** While something cannot be seen, as when the host is out of file descriptors. */
  private static final long TROUBLED_MILLIS = 500;

  /**
   * How long a close waits for the kernel to let go of what has died; on a busy host not at once.
   */
  private static final Duration RETIRING_LIMIT = Duration.ofSeconds(2);

  private final ExecutorContext context;
  private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
  private final Set<Attempt> watched = new LinkedHashSet<>();
  private final Set<ControlGroup> retiring = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean closed;
  private int eagerLooks;
  private boolean troubled;

  Watcher(String name, ExecutorContext context) {
    this.context = context;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Runs something on the watcher's thread, which alone may touch an attempt that is watched. */
  void execute(Runnable action) {
    inbox.add(action);
  }

  void watch(Attempt attempt) {
    execute(
        () -> {
          watched.add(attempt);
          eagerLooks = 0;
        });
  }

  /**
   * Watches an attempt of an earlier life. Its start is reported once more, since the end may be
   * reported before the caller has seen the answer of recover.
   */
  void adopt(Attempt attempt) {
    execute(
        () -> {
          Optional.ofNullable(attempt.latest()).ifPresent(this::report);
          watched.add(attempt);
        });
  }

  /** Removes a control group as soon as the kernel lets go of it. */
  void retire(ControlGroup group) {
    if (!group.remove()) {
      retiring.add(group);
      wake();
    }
  }

  /** Wakes the thread; {@code process} has ended. */
  void wake() {
    execute(() -> {});
  }

  /** Lets go of everything. Nothing is reported after it has returned. */
  void close() {
    closed = true;
    wake();
    if (Thread.currentThread() == thread) {
      return;
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    retireRest();
  }

  /** What is still in use after this is found by the next recover. */
  private void retireRest() {
    long deadline = System.nanoTime() + RETIRING_LIMIT.toNanos();
    retiring.removeIf(ControlGroup::remove);
    while (!retiring.isEmpty() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(EAGER_MILLIS));
      retiring.removeIf(ControlGroup::remove);
    }
  }

  private void run() {
    while (!closed) {
      try {
        drain(pauseMillis());
        troubled = false;
        follow();
      } catch (InterruptedException e) {
        closed = true;
      }
    }
  }

  /** One bad look must not end the watching of all others; it is repeated. */
  private void tryTo(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException | Error e) {
      if (troubled) {
        LOG.debug("another look failed", e);
      } else {
        LOG.error("the watcher goes on after a failure", e);
      }
      troubled = true;
    }
  }

  /** How long nothing will happen that does not announce itself; 0 for ever. */
  private long pauseMillis() {
    if (troubled) {
      return TROUBLED_MILLIS;
    }
    boolean eager = false;
    boolean patient = !retiring.isEmpty();
    for (Attempt attempt : watched) {
      switch (attempt.phase()) {
        case STARTING, CLEANING -> eager = true;
        case RUNNING -> patient |= attempt.isAdopted() || attempt.isCancelling();
        case ENDED -> {}
      }
    }
    if (eager) {
      return eagerLooks++ < EAGER_LOOKS ? EAGER_MILLIS : PATIENT_MILLIS;
    }
    return patient ? PATIENT_MILLIS : 0;
  }

  private void drain(long pauseMillis) throws InterruptedException {
    Runnable action =
        pauseMillis == 0 ? inbox.take() : inbox.poll(pauseMillis, TimeUnit.MILLISECONDS);
    while (action != null) {
      tryTo(action);
      action = inbox.poll();
    }
  }

  private void follow() {
    for (Attempt attempt : watched) {
      tryTo(() -> attempt.look().ifPresent(this::report));
    }
    tryTo(this::press);
    tryTo(() -> clean(cleaning(watched), this::report));
    tryTo(() -> retiring.removeIf(ControlGroup::remove));
    watched.removeIf(attempt -> attempt.phase() == Attempt.Phase.ENDED);
  }

  private void press() {
    long now = System.nanoTime();
    List<Attempt> pressing = watched.stream().filter(attempt -> attempt.isPressing(now)).toList();
    Map<Sweep.Quarry, List<ProcFs.Stat>> found = Sweep.find(quarries(pressing));
    pressing.forEach(attempt -> tryTo(() -> attempt.press(share(found, attempt), now)));
  }

  /**
   * Ends what attempts in CLEANING left behind, as far as one go can.
   *
   * @param report takes the final reports of those of which nothing is left
   * @throws UncheckedIOException if one of them cannot be seen now, after all that can be
   */
  static void clean(Collection<Attempt> cleaning, Consumer<AttemptReport> report) {
    @Nullable UncheckedIOException unseen = null;
    List<Attempt> left = new ArrayList<>(cleaning);
    // Twice, since without a control group it takes two empty walks.
    for (int i = 0; i < 2 && !left.isEmpty(); i++) {
      Map<Sweep.Quarry, List<ProcFs.Stat>> found = Sweep.find(quarries(left));
      for (Attempt attempt : List.copyOf(left)) {
        try {
          Optional<AttemptReport> end = attempt.swept(share(found, attempt));
          if (end.isPresent()) {
            report.accept(end.get());
            left.remove(attempt);
          }
        } catch (UncheckedIOException e) {
          unseen = e;
          left.remove(attempt);
        }
      }
    }
    if (unseen != null) {
      throw unseen;
    }
  }

  static List<Attempt> cleaning(Collection<Attempt> attempts) {
    return attempts.stream().filter(attempt -> attempt.phase() == Attempt.Phase.CLEANING).toList();
  }

  private static List<Sweep.Quarry> quarries(List<Attempt> attempts) {
    return attempts.stream().map(Attempt::quarry).flatMap(Optional::stream).toList();
  }

  private static List<ProcFs.Stat> share(
      Map<Sweep.Quarry, List<ProcFs.Stat>> found, Attempt attempt) {
    @Nullable List<ProcFs.Stat> own = attempt.quarry().map(found::get).orElse(null);
    return own == null ? List.of() : own;
  }

  private void report(AttemptReport report) {
    if (closed) {
      return;
    }
    try {
      context.report(report);
    } catch (RuntimeException e) {
      LOG.error("the engine refused {}", report, e);
    }
  }
}
