package dev.windlass.core.job;

import dev.windlass.cluster.ClusterDescription;
import dev.windlass.core.cluster.ClusterRun;
import dev.windlass.core.schedule.NodePool;
import dev.windlass.job.ClusterName;
import dev.windlass.job.JobId;
import dev.windlass.job.Placement;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The deterministic core of the engine.
 *
 * <p>A state machine without I/O, clock, threads or randomness of its own. It is given inputs, each
 * with its time, and at the end of a turn it gives back {@link Turn}: the changes to be made
 * durable and the effects to be carried out. The same inputs in the same order at the same times
 * lead to the same turns. Its memory grows with what runs and with the number of tasks, not with
 * the number of instances.
 *
 * <p>Only one thread may use a core.
 *
 * <h2>What is in memory</h2>
 *
 * <p>A job is in memory from its submission, its restart or the opening of the engine until it is
 * over: in a final state and with no attempt active. An operation on a job that is over first loads
 * it; operations on the same job wait meanwhile, so each sees what the one before it did.
 *
 * <h2>What waits for what</h2>
 *
 * <p>{@link Effect#awaitsCommit} says which effects wait until the changes are durable. Besides,
 * what follows from the end of an attempt for others (its successor tasks, its own next attempt)
 * begins only once that end is durable. So what a restart finds running without a record can only
 * be an attempt whose cause is on record, and it is taken over as it is.
 */
public final class Core {

  /**
   * What a turn brings forth.
   *
   * @param changes to be recorded together, in this order; may be empty
   * @param now effects that need not wait, in order
   * @param afterCommit effects that wait until these changes and all before them are durable, in
   *     order
   */
  public record Turn(List<Change> changes, List<Effect> now, List<Effect> afterCommit) {
    /** Says whether there is nothing to do. */
    public boolean isEmpty() {
      return changes.isEmpty() && now.isEmpty() && afterCommit.isEmpty();
    }
  }

  /** Which cluster and executor a task's placement means. */
  @FunctionalInterface
  public interface Resolver {
    /**
     * The plan of a task.
     *
     * @param made the cluster that the task names, if users have made one of that name and it takes
     *     work
     * @return empty if its cluster or executor is not there (any more)
     */
    Optional<TaskPlan> plan(
        JobId job, TaskName name, TaskDescription task, Optional<ClusterDescription> made);
  }

  private final Output output = new Output();
  private final Timers timers = new Timers();
  private final JobsInMemory jobs;
  private final Placer placer;
  private final ReservedInstances reserved;
  private final Completion completion;
  private final Progress progress;
  private final NodeKeeping keeping;
  private final Operations operations;
  private final ClusterOperations clusterOperations;
  private final Recovery recovery;
  private final WindingDown windingDown;

  /**
   * An empty core.
   *
   * @param pools the clusters; nothing is placed on the nodes of an executor before {@link
   *     Input.ExecutorReady}
   * @param resolver which cluster and executor a task's placement means
   * @param keepsNodes says whether an executor makes and keeps the nodes of clusters
   * @param stopGrace how long a program may take to end when it is told to
   */
  public Core(
      Map<ClusterName, NodePool> pools,
      Resolver resolver,
      Predicate<String> keepsNodes,
      Duration stopGrace) {
    this.jobs = new JobsInMemory((job, name, task) -> plan(resolver, job, name, task));
    this.placer = new Placer(pools);
    this.reserved = new ReservedInstances(output, placer);
    this.completion = new Completion(output, jobs, placer, reserved, stopGrace);
    this.keeping = new NodeKeeping(output, jobs, placer, completion, keepsNodes);
    this.progress = new Progress(output, placer, timers, completion, keeping, reserved);
    this.operations = new Operations(jobs, output, completion, placer, reserved);
    this.clusterOperations = new ClusterOperations(output, jobs, placer, completion, keeping);
    this.recovery = new Recovery(jobs, output, placer, progress, completion, keeping, reserved);
    this.windingDown = new WindingDown(jobs, output, placer, completion);
  }

  private Optional<TaskPlan> plan(
      Resolver resolver, JobId job, TaskName name, TaskDescription task) {
    Optional<ClusterDescription> made =
        task.placement() instanceof Placement.OnCluster on
            ? keeping.active(on.cluster()).map(ClusterRun::description)
            : Optional.empty();
    return resolver.plan(job, name, task, made);
  }

  /** Takes one input. */
  public void apply(Input input, Now now) {
    if (input instanceof Input.AttemptStarted started) {
      LiveInstance instance = jobs.live(started.id());
      if (instance != null) {
        progress.started(instance, started.at(), Optional.of(Duration.ZERO), now);
      }
    } else if (input instanceof Input.AttemptExited exited) {
      exited(exited, now);
    } else if (input instanceof Input.AttemptConcluded concluded) {
      concluded(concluded, now);
    } else if (input instanceof Input.PredecessorsEnded ended) {
      predecessorsEnded(ended, now);
    } else if (input instanceof Input.InstanceFinished finished) {
      instanceFinished(finished);
    } else if (input instanceof Input.RetryDurable retry) {
      LiveInstance instance = jobs.live(retry.failed());
      if (instance != null && instance.state() == State.WAITING) {
        progress.retryDurable(instance, now);
      }
    } else if (input instanceof Input.Submit submit) {
      operations.submit(submit, now);
    } else if (input instanceof Input.Operate asked) {
      operations.operate(asked.job(), asked, now);
    } else if (input instanceof Input.Withdraw withdraw) {
      operations.operate(withdraw.job(), withdraw, now);
    } else if (input instanceof Input.SetMaxRunning change) {
      operations.operate(change.job(), change, now);
    } else if (input instanceof Input.SetRetry change) {
      operations.operate(change.job(), change, now);
    } else if (input instanceof Input.ClusterOperation operation) {
      clusterOperations.apply(operation, now);
    } else if (input instanceof Input.NodeReported reported) {
      keeping.reported(reported.report(), now);
    } else if (input instanceof Input.NodeEndAsked asked) {
      keeping.endAsked(asked.node());
    } else if (input instanceof Input.NodesDurable durable) {
      keeping.durable(durable.nodes(), now);
    } else if (input instanceof Input.ClusterRecovered recovered) {
      keeping.recovered(recovered.stored());
    } else if (input instanceof Input.SetNamedResource change) {
      operations.setNamedResource(change);
    } else if (input instanceof Input.AddConsumer add) {
      operations.addConsumer(add);
    } else if (input instanceof Input.ForgetConsumer forget) {
      operations.forgetConsumer(forget);
    } else if (input instanceof Input.NamedResourcesRecovered recovered) {
      recovered.totals().forEach(placer::setNamedTotal);
    } else if (input instanceof Input.ReleaseReserved release) {
      operations.release(release);
    } else if (input instanceof Input.CapacityReleased released) {
      reserved.released(released);
    } else if (input instanceof Input.ReservedRecovered found) {
      reserved.recovered(found.record());
    } else if (input instanceof Input.Loaded loaded) {
      operations.loaded(loaded, now);
    } else if (input instanceof Input.Recovered recovered) {
      recovery.recovered(recovered.stored(), now);
    } else if (input instanceof Input.ResumeDurable resumed) {
      operations.resumeDurable(resumed.job());
    } else if (input instanceof Input.WindDown down) {
      windingDown.begin(down);
    } else if (input instanceof Input.ExecutorReady ready) {
      recovery.executorReady(ready, now);
    } else {
      throw new AssertionError("unknown input " + input);
    }
  }

  /**
   * Ends a turn: lets due timers fire, places what can be placed, and gives out what is to be done.
   *
   * @param placements how many instances may be placed in this turn
   */
  public Turn endTurn(int placements, Now now) {
    for (Timers.Fired fired : timers.due(now)) {
      LiveInstance instance = jobs.live(fired.attempt());
      if (instance != null) {
        switch (fired.kind()) {
          case TIMEOUT -> progress.timedOut(instance);
          case RETRY -> progress.retryDue(instance);
        }
      }
    }
    keeping.settle(now);
    placer.place(placements, (instance, booking) -> progress.placed(instance, booking, now));
    windingDown.settle();
    Output.Turn turn = output.take();
    return new Turn(turn.changes(), turn.now(), turn.afterCommit());
  }

  /** When, by {@link Now#nanos}, the next timer is due. */
  public OptionalLong nextTimerNanos() {
    OptionalLong pause = keeping.nextTimerNanos();
    OptionalLong timer = timers.nextNanos();
    if (pause.isEmpty() || timer.isEmpty()) {
      return pause.isEmpty() ? timer : pause;
    }
    return OptionalLong.of(Math.min(pause.getAsLong(), timer.getAsLong()));
  }

  /** How many jobs are in memory. */
  public int jobsInMemory() {
    return jobs.count();
  }

  /** How many are booked of each named resource of the engine; immutable. */
  public Map<String, Integer> namedInUse() {
    return placer.namedInUse();
  }

  /** Answers questions about this core, between two turns. */
  public Explainer explainer() {
    return new Explainer(jobs, placer, timers, Optional.empty());
  }

  /**
   * Answers questions about this core if it was made only to be asked, and nobody ends its turns.
   *
   * @param madeAt the time of all its inputs
   */
  public Explainer explainer(Now madeAt) {
    return new Explainer(jobs, placer, timers, Optional.of(madeAt));
  }

  private void predecessorsEnded(Input.PredecessorsEnded input, Now now) {
    JobRun job = jobs.get(input.job());
    if (job != null && !job.state().isEnded()) {
      TaskRun task = job.tasks.get(input.task());
      boolean early = task.isFinal ? !job.isUpToFinalTask() : task.unfinishedPredecessors > 0;
      if (early || task.state().isEnded()) {
        return;
      }
      if (task.unmetConditions == 0) {
        task.open = true;
        task.openedAt = Optional.of(now.wall());
        placer.update(task);
      } else {
        completion.leaveOut(task, now);
      }
    }
  }

  private void instanceFinished(Input.InstanceFinished finished) {
    JobRun job = jobs.get(finished.job());
    if (job != null && !job.state().isEnded()) {
      TaskRun task = job.tasks.get(finished.task());
      if (task.noteFinished(finished.index())) {
        for (TaskRun after : task.perInstanceAfter) {
          if (after.finishedBefore(finished.index())) {
            placer.update(after);
          }
        }
      }
    }
  }

  private void exited(Input.AttemptExited exited, Now now) {
    LiveInstance instance = recovery.endOfStray(exited.id()) ? null : jobs.live(exited.id());
    if (instance != null) {
      progress.exited(instance, exited.at(), exited.outcome(), exited.usage(), exited.data(), now);
    }
  }

  private void concluded(Input.AttemptConcluded concluded, Now now) {
    LiveInstance instance = recovery.endOfStray(concluded.id()) ? null : jobs.live(concluded.id());
    if (instance != null) {
      progress.concluded(instance, concluded, now);
    }
  }
}
