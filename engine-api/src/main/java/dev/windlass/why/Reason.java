package dev.windlass.why;

import dev.windlass.job.AttemptId;
import dev.windlass.job.ClusterName;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Why an instance does not begin, or that there is nothing to wait for. {@link #kind()} names the
 * case for a switch.
 */
public sealed interface Reason {

  /** One case for each permitted type. */
  enum Kind {
    /** {@link Ended}. */
    ENDED,
    /** {@link Running}. */
    RUNNING,
    /** {@link JobIsEnding}. */
    JOB_IS_ENDING,
    /** {@link JobPaused}. */
    JOB_PAUSED,
    /** {@link WaitsForTasks}. */
    WAITS_FOR_TASKS,
    /** {@link WaitsForInstances}. */
    WAITS_FOR_INSTANCES,
    /** {@link LeftOut}. */
    LEFT_OUT,
    /** {@link NotYetRecorded}. */
    NOT_YET_RECORDED,
    /** {@link BacksOff}. */
    BACKS_OFF,
    /** {@link EarlierInstances}. */
    EARLIER_INSTANCES,
    /** {@link ExecutorNotReady}. */
    EXECUTOR_NOT_READY,
    /** {@link NoNodes}. */
    NO_NODES,
    /** {@link JobCapReached}. */
    JOB_CAP_REACHED,
    /** {@link TaskCapReached}. */
    TASK_CAP_REACHED,
    /** {@link TooLarge}. */
    TOO_LARGE,
    /** {@link NamedResourcesShort}. */
    NAMED_RESOURCES_SHORT,
    /** {@link NodeReserved}. */
    NODE_RESERVED,
    /** {@link ResourcesShort}. */
    RESOURCES_SHORT,
    /** {@link HoldsReservation}. */
    HOLDS_RESERVATION,
    /** {@link OthersFirst}. */
    OTHERS_FIRST,
    /** {@link NotLookedAt}. */
    NOT_LOOKED_AT,
    /** {@link StoreBehind}. */
    STORE_BEHIND,
    /** {@link NothingInTheWay}. */
    NOTHING_IN_THE_WAY
  }

  /**
   * The case.
   *
   * @return one constant for each permitted type
   */
  Kind kind();

  /**
   * It has ended.
   *
   * @param state how: finished, failed or stopped
   * @param at when; empty in an explanation of a task or a job, and if it never began
   * @param outcome how its last attempt ended; empty in an explanation of a task or a job, and if
   *     there was no attempt
   */
  record Ended(State state, Optional<Instant> at, Optional<Outcome> outcome) implements Reason {
    @Override
    public Kind kind() {
      return Kind.ENDED;
    }
  }

  /**
   * It does run: it has been placed on a node and has not ended.
   *
   * @param attempt its attempt
   * @param node where
   * @param since when its program began; empty while its inputs are fetched and it is started
   */
  record Running(AttemptId attempt, String node, Optional<Instant> since) implements Reason {
    @Override
    public Kind kind() {
      return Kind.RUNNING;
    }
  }

  /**
   * It is decided how its job ends, because a task has failed or a user stopped it: nothing of the
   * job begins any more but its final task, and it ends when what runs has ended.
   *
   * @param message what is decided, for people
   */
  record JobIsEnding(String message) implements Reason {
    @Override
    public Kind kind() {
      return Kind.JOB_IS_ENDING;
    }
  }

  /**
   * A user has paused its job: nothing of it begins until it is resumed.
   *
   * @param reason as the user gave it; possibly empty
   */
  record JobPaused(String reason) implements Reason {
    @Override
    public Kind kind() {
      return Kind.JOB_PAUSED;
    }
  }

  /**
   * Tasks that come before its task have not ended.
   *
   * @param tasks which, at least one, in an order in which they can run
   */
  record WaitsForTasks(List<Predecessor> tasks) implements Reason {
    /** Copies the list. */
    public WaitsForTasks {
      tasks = List.copyOf(tasks);
    }

    @Override
    public Kind kind() {
      return Kind.WAITS_FOR_TASKS;
    }
  }

  /**
   * Its task waits for others instance by instance, and those of its index have not finished.
   *
   * @param instances which, at least one
   */
  record WaitsForInstances(List<InstanceId> instances) implements Reason {
    /** Copies the list. */
    public WaitsForInstances {
      instances = List.copyOf(instances);
    }

    @Override
    public Kind kind() {
      return Kind.WAITS_FOR_INSTANCES;
    }
  }

  /**
   * It never begins: instances of its index that it waits for will not have finished. It is stopped
   * when its task ends.
   *
   * @param instances which have not finished, at least one
   */
  record LeftOut(List<InstanceId> instances) implements Reason {
    /** Copies the list. */
    public LeftOut {
      instances = List.copyOf(instances);
    }

    @Override
    public Kind kind() {
      return Kind.LEFT_OUT;
    }
  }

  /** What it follows from, or its own end, has happened and is on its way to the state store. */
  record NotYetRecorded() implements Reason {
    @Override
    public Kind kind() {
      return Kind.NOT_YET_RECORDED;
    }
  }

  /**
   * Its last attempt failed, and there is a pause before the next.
   *
   * @param until when the pause is over, by the engine's clock as it stood when the pause began
   * @param after how the last attempt ended
   */
  record BacksOff(Instant until, Outcome after) implements Reason {
    @Override
    public Kind kind() {
      return Kind.BACKS_OFF;
    }
  }

  /**
   * Other instances of its own task come first.
   *
   * @param count how many, at least 1
   */
  record EarlierInstances(int count) implements Reason {
    @Override
    public Kind kind() {
      return Kind.EARLIER_INSTANCES;
    }
  }

  /**
   * Its executor has not yet told what became of the attempts of an earlier life of the host, so
   * nothing is placed on its nodes. In an engine that was opened to be looked at: the executor was
   * not given.
   *
   * @param executor the name; empty if that is not known either
   */
  record ExecutorNotReady(String executor) implements Reason {
    @Override
    public Kind kind() {
      return Kind.EXECUTOR_NOT_READY;
    }
  }

  /**
   * No node of its executor in its cluster takes work: there are none, they are still being made,
   * or they are on their way out.
   *
   * @param cluster the cluster
   * @param executor the executor
   */
  record NoNodes(ClusterName cluster, String executor) implements Reason {
    @Override
    public Kind kind() {
      return Kind.NO_NODES;
    }
  }

  /**
   * Its job runs as many instances as it may.
   *
   * @param most how many it may run
   * @param running how many run; more than that after the bound was lowered
   */
  record JobCapReached(int most, int running) implements Reason {
    @Override
    public Kind kind() {
      return Kind.JOB_CAP_REACHED;
    }
  }

  /**
   * Its task runs as many instances as it may.
   *
   * @param most how many it may run
   * @param running how many run; more than that after the bound was lowered
   */
  record TaskCapReached(int most, int running) implements Reason {
    @Override
    public Kind kind() {
      return Kind.TASK_CAP_REACHED;
    }
  }

  /**
   * It fits on no node of its executor in its cluster, even if nothing else were there.
   *
   * @param node the node that is nearest to it
   * @param shortages what that node has too little of, at least one
   */
  record TooLarge(String node, List<Shortage> shortages) implements Reason {
    /** Copies the list. */
    public TooLarge {
      shortages = List.copyOf(shortages);
    }

    @Override
    public Kind kind() {
      return Kind.TOO_LARGE;
    }
  }

  /**
   * There is too little of named resources of its cluster or of the engine.
   *
   * @param shortages which, at least one; free is what is neither in use nor kept for a task that
   *     comes before, and capacity how many there are
   * @param holders what uses the first of them, the largest first; {@value
   *     ResourcesShort#MOST_HOLDERS} at most
   * @param moreHolders how many more there are
   */
  record NamedResourcesShort(List<Shortage> shortages, List<Holder> holders, int moreHolders)
      implements Reason {
    /** Copies the lists. */
    public NamedResourcesShort {
      shortages = List.copyOf(shortages);
      holders = List.copyOf(holders);
    }

    @Override
    public Kind kind() {
      return Kind.NAMED_RESOURCES_SHORT;
    }
  }

  /**
   * It would fit on a node that keeps room for another task, but not beside what that one needs.
   *
   * @param node the node
   * @param job the job of that task
   * @param task the task that it is kept for
   * @param priority of that job
   */
  record NodeReserved(String node, JobId job, TaskName task, int priority) implements Reason {
    @Override
    public Kind kind() {
      return Kind.NODE_RESERVED;
    }
  }

  /**
   * It fits on no node beside what is booked there.
   *
   * @param node the node that lacks least for it, or that is kept for it
   * @param shortages what that node has too little of at present, at least one
   * @param holders what is booked there, the largest first; {@value #MOST_HOLDERS} at most
   * @param moreHolders how many more there are
   */
  record ResourcesShort(
      String node, List<Shortage> shortages, List<Holder> holders, int moreHolders)
      implements Reason {

    /** So many holders are told at most. */
    public static final int MOST_HOLDERS = 10;

    /** Copies the lists. */
    public ResourcesShort {
      shortages = List.copyOf(shortages);
      holders = List.copyOf(holders);
    }

    @Override
    public Kind kind() {
      return Kind.RESOURCES_SHORT;
    }
  }

  /**
   * What it needs is kept for its task: it begins as soon as enough of that has come free.
   *
   * @param node the node that is kept; empty if only named resources are
   */
  record HoldsReservation(Optional<String> node) implements Reason {
    @Override
    public Kind kind() {
      return Kind.HOLDS_RESERVATION;
    }
  }

  /**
   * Other tasks come before its task, each with instances that can begin.
   *
   * @param count how many tasks, at least 1
   * @param more true if there are more than that, and they were not counted
   * @param job the job of the first of them
   * @param task the first of them
   * @param because why that one comes before
   */
  record OthersFirst(int count, boolean more, JobId job, TaskName task, Precedence because)
      implements Reason {
    /** Nulls are refused. */
    public OthersFirst {
      Objects.requireNonNull(because, "because");
    }

    @Override
    public Kind kind() {
      return Kind.OTHERS_FIRST;
    }
  }

  /**
   * So many tasks that fit nowhere come before its task that the scheduler does not look at it.
   *
   * @param depth how many the scheduler looks at
   */
  record NotLookedAt(int depth) implements Reason {
    @Override
    public Kind kind() {
      return Kind.NOT_LOOKED_AT;
    }
  }

  /**
   * So much is on its way to the state store that nothing is placed until some of it is there. What
   * begins then is not told before.
   */
  record StoreBehind() implements Reason {
    @Override
    public Kind kind() {
      return Kind.STORE_BEHIND;
    }
  }

  /**
   * It begins at the next step. Where an engine was opened to be looked at: as soon as an engine
   * runs.
   */
  record NothingInTheWay() implements Reason {
    @Override
    public Kind kind() {
      return Kind.NOTHING_IN_THE_WAY;
    }
  }
}
