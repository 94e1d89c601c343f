package dev.windlass.executor.docker;

import com.github.dockerjava.api.exception.DockerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runners of one node. A run is handed to one that waits; where none does, one more is begun
 * with it. Runners are this life's: those of an earlier one end with the run that they have.
 *
 * <p>Only a runner that has told that it waits is handed anything, which proves that the node and
 * this host see the same pipes; until one has, runners are begun for one run alone. What is handed
 * over and lost is handed over again when it is looked at; the claim of the run keeps it from
 * beginning twice. Safe for several threads.
 */
final class Runners {

  private static final Logger LOG = LoggerFactory.getLogger(Runners.class);

  private final NodeFiles files;
  private final String container;
  private final Tools tools;
  private final Execs execs;

  /**
   * Those that take one run after the other, there or on their way; in the order of their making.
   */
  private final Set<Runner> lasting = new LinkedHashSet<>();

  private final Deque<Runner> idle = new ArrayDeque<>();

  /** By the runner: whom to tell if it is ended from outside. */
  private final Map<Runner, Runnable> handed = new HashMap<>();

  private boolean heard;
  private int wanted;

  Runners(NodeFiles files, String container, Tools tools) {
    this.files = files;
    this.container = container;
    this.tools = tools;
    this.execs = new Execs(tools.daemon());
  }

  /**
   * Has runners wait from now on: begins the first of them; the others follow once it has told that
   * it does. Does nothing if that was done in this life.
   *
   * @param many how many are to wait; more are there while more are needed
   */
  void open(int many) {
    synchronized (this) {
      if (wanted > 0) {
        return;
      }
      wanted = many;
    }
    files.runners().forEach(Runner::retire);
    oneMore();
  }

  /** Begins a runner that has no run yet, unless there are enough. */
  private void oneMore() {
    Runner runner = files.newRunner();
    synchronized (this) {
      if (tools.closing().getAsBoolean() || lasting.size() >= wanted) {
        return;
      }
      lasting.add(runner);
    }
    try {
      begin(runner, "", true, Map.of(), () -> {});
    } catch (DockerException | DaemonSilentException | IOException e) {
      // Attempts begin without it too, in more time.
      LOG.debug("nobody waits in {}", container, e);
    }
  }

  /**
   * Has a run begin, unless it was handed to a runner that is still there and has it. Throws as
   * {@link Execs#make} does.
   *
   * @param run made, and never begun
   * @param secrets variables that only its runner may know
   * @param look is run if its runner is ended from outside
   */
  void run(Supervised run, Map<String, String> secrets, Runnable look) throws IOException {
    if (run.isCarried()) {
      return;
    }
    Runner free = secrets.isEmpty() ? takeIdle(look) : null;
    if (free != null) {
      run.noteRunner(free);
      free.hand(run.name());
      return;
    }
    Runner runner = files.newRunner();
    boolean lasts = secrets.isEmpty() && hasHeard();
    if (lasts) {
      synchronized (this) {
        lasting.add(runner);
      }
    }
    run.noteRunner(runner);
    begin(
        runner,
        run.name(),
        lasts,
        secrets,
        () -> {
          run.isOver();
          look.run();
        });
    tools.workers().execute(this::oneMore);
  }

  private synchronized @Nullable Runner takeIdle(Runnable look) {
    Runner runner = idle.poll();
    if (runner != null) {
      handed.put(runner, look);
    }
    return runner;
  }

  private synchronized boolean hasHeard() {
    return heard;
  }

  private void begin(
      Runner runner, String first, boolean lasts, Map<String, String> secrets, Runnable whenDead)
      throws IOException {
    synchronized (this) {
      handed.put(runner, whenDead);
    }
    try {
      if (lasts) {
        tools.listeners().listen(runner.directory().toString(), () -> waits(runner));
      }
      String exec = execs.make(container, NodeProgram.serve(runner.directory(), first, secrets));
      runner.make(exec, lasts);
      tools.listeners().listen(exec, () -> died(runner, exec));
      execs.start(exec);
    } catch (DockerException | DaemonSilentException | IOException e) {
      // Whether or not it has begun all the same, it is not counted on.
      forget(runner, runner.exec());
      throw e;
    }
  }

  /**
   * A run is over; a runner that was for it alone is of no more use, whether or not that was told.
   */
  void leave(Supervised run) {
    run.runner().filter(this::isForOne).ifPresent(runner -> forget(runner, runner.exec()));
  }

  private synchronized boolean isForOne(Runner runner) {
    return handed.containsKey(runner) && !lasting.contains(runner);
  }

  /** A runner has told that it waits. Of more than are to wait the newest ends. */
  private void waits(Runner runner) {
    Runner surplus = null;
    boolean fewer;
    synchronized (this) {
      if (!lasting.contains(runner) || idle.contains(runner)) {
        return;
      }
      heard = true;
      handed.remove(runner);
      idle.push(runner);
      if (idle.size() > wanted) {
        surplus = newestIdle();
        idle.remove(surplus);
      }
      fewer = lasting.size() < wanted;
    }
    if (surplus != null) {
      forget(surplus, surplus.exec());
    }
    if (fewer) {
      tools.workers().execute(this::oneMore);
    }
  }

  private synchronized @Nullable Runner newestIdle() {
    Runner newest = null;
    for (Runner runner : lasting) {
      newest = idle.contains(runner) ? runner : newest;
    }
    return newest;
  }

  /** Its exec is over: it was for one run, or was ended from outside. */
  private void died(Runner runner, String exec) {
    Optional<Runnable> whenDead = forget(runner, Optional.of(exec));
    whenDead.ifPresent(Runnable::run);
  }

  private Optional<Runnable> forget(Runner runner, Optional<String> exec) {
    exec.ifPresent(tools.listeners()::forget);
    tools.listeners().forget(runner.directory().toString());
    Runnable whenDead;
    synchronized (this) {
      lasting.remove(runner);
      idle.remove(runner);
      whenDead = handed.remove(runner);
    }
    try {
      runner.remove();
    } catch (UncheckedIOException e) {
      // What is left of it goes with the node; who waits for it must be told all the same.
      LOG.debug("something of {} stays", runner.name(), e);
    }
    return Optional.ofNullable(whenDead);
  }

  /** Listens for none of them any more: the node is gone. */
  void close() {
    Set<Runner> all;
    synchronized (this) {
      all = new HashSet<>(lasting);
      all.addAll(handed.keySet());
    }
    for (Runner runner : all) {
      runner.exec().ifPresent(tools.listeners()::forget);
      tools.listeners().forget(runner.directory().toString());
    }
  }
}
