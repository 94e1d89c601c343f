package dev.windlass.testkit.simulation;

import dev.windlass.event.EventRetention;
import dev.windlass.job.JobDescription;
import dev.windlass.job.Placement;
import dev.windlass.testkit.machine.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done to the engine in a simulated run. How things interleave is decided by chance from
 * the same seed.
 *
 * <p>Jobs, their tasks and the disturbances have numbers, from 1 on, in one sequence. A smaller
 * scenario is the same one without some of them; see {@link ScenarioDice}.
 *
 * @param seed from which chance is made
 * @param jobs in the order of their numbers
 * @param disturbances in the order of their numbers
 * @param calmAt from when on nothing is disturbed any more
 */
record Scenario(
    long seed, List<SubmittedJob> jobs, List<Disturbance> disturbances, Duration calmAt) {

  /** The numbers of all parts, disturbances first: they are left out most easily. */
  List<Integer> parts() {
    List<Integer> parts = new ArrayList<>();
    disturbances.forEach(disturbance -> parts.add(disturbance.number()));
    jobs.forEach(
        job -> {
          parts.add(job.number());
          parts.addAll(job.tasks());
        });
    return parts;
  }

  /** Says whether a task needs named resources of the engine. */
  boolean needsLicences() {
    return jobs.stream()
        .flatMap(job -> job.description().tasks().values().stream())
        .flatMap(task -> task.resources().stream())
        .anyMatch(request -> request.named().containsKey(ScenarioDice.LICENCE));
  }

  /** Says whether anything is kept when it fails, so that somebody must release it. */
  boolean keepsOnFail() {
    return jobs.stream()
        .flatMap(job -> job.description().tasks().values().stream())
        .anyMatch(
            task -> task.placement() instanceof Placement.AutoCluster auto && auto.reserveOnFail());
  }

  /** Says whether jobs are paused, so that somebody must resume them. */
  boolean pauses() {
    return disturbances.stream().anyMatch(disturbance -> disturbance.kind() == Kind.PAUSE);
  }

  /** Says whether a task runs on the cluster that users make. */
  boolean needsGrid() {
    return jobs.stream()
        .flatMap(job -> job.description().tasks().values().stream())
        .anyMatch(task -> task.placement().equals(SimulatedUser.ON_GRID));
  }

  /** How much of the journal is kept: in some scenarios so little that listeners lag behind it. */
  EventRetention eventRetention() {
    return switch (Math.floorMod(seed, 5)) {
      case 3 -> EventRetention.ofCount(30);
      case 4 -> EventRetention.ofAge(Duration.ofSeconds(5));
      default -> EventRetention.DEFAULT;
    };
  }

  /** A line for each part. */
  List<String> describe() {
    List<String> lines = new ArrayList<>();
    for (SubmittedJob job : jobs) {
      lines.add("#" + job.number() + " at " + job.at() + ", tasks #" + job.tasks() + ":");
      lines.add("  " + job.description());
    }
    disturbances.forEach(disturbance -> lines.add(disturbance.toString()));
    return lines;
  }

  /**
   * A job.
   *
   * @param tasks numbers of its tasks
   * @param at when it is submitted
   * @param description its name tells it from the others of the scenario
   */
  record SubmittedJob(int number, List<Integer> tasks, Duration at, JobDescription description) {}

  /**
   * Something that goes wrong or interferes.
   *
   * @param length how long it lasts, where that has a meaning
   * @param job which of the jobs it is about, where that has a meaning; counted from 0 in the whole
   *     scenario
   */
  record Disturbance(int number, Duration at, Kind kind, Duration length, int job) {
    @Override
    public String toString() {
      return "#" + number + " " + kind + " at " + at + " for " + length + ", job " + job;
    }
  }

  /** What a disturbance is. */
  enum Kind {
    /** The host's process is killed; another one starts soon. */
    HOST_KILLED,
    /** The machine loses its power; what was not synced may be gone, and what ran is. */
    POWER_CUT,
    /** A program is killed from outside. */
    PROGRAM_KILLED,
    /** The clock on the wall is set ahead. */
    CLOCK_AHEAD,
    /** The clock on the wall is set back. */
    CLOCK_BACK,
    /** See {@link Faults.Fault#DISK_FULL}. */
    DISK_FULL,
    /** See {@link Faults.Fault#SYNC_FAILS}. */
    SYNC_FAILS,
    /** See {@link Faults.Fault#DISK_SLOW}. */
    DISK_SLOW,
    /** See {@link Faults.Fault#STORAGE_AWAY}. */
    STORAGE_AWAY,
    /** See {@link Faults.Fault#STORAGE_THROTTLES}. */
    STORAGE_THROTTLES,
    /** See {@link Faults.Fault#STORAGE_SLOW}. */
    STORAGE_SLOW,
    /** See {@link Faults.Fault#EXECUTOR_AWAY}. */
    EXECUTOR_AWAY,
    /** See {@link Faults.Fault#EXECUTOR_ODD}. */
    EXECUTOR_ODD,
    /** A user stops a job. */
    STOP,
    /** A user restarts a job. */
    RESTART,
    /** A user deletes a job. */
    DELETE,
    /** A user submits a job again with the same token. */
    SUBMIT_AGAIN,
    /** A user closes the engine; another host opens it soon. */
    CLOSE,
    /** An administrator lowers how many licences there are, also below what is in use. */
    FEWER_LICENCES,
    /** An administrator raises how many licences there are. */
    MORE_LICENCES,
    /** A user releases what is kept of a job's instances that failed. */
    RELEASE,
    /**
     * As {@link #CLOSE}, and the next host and all after it do not configure {@link
     * ScenarioDice#CLUSTER}. For written scenarios only: without it thrown jobs could not go on.
     */
    CLUSTER_GONE,
    /** A user changes how many nodes {@link ScenarioDice#GRID} has. */
    NODES_SET,
    /** A user drains a node of it. */
    NODE_DRAINED,
    /** A user deletes a node of it. */
    NODE_DELETED,
    /** A user has a node of it replaced. */
    NODE_RECREATED,
    /** A node of it is lost. */
    NODE_LOST,
    /** A user deletes it. For written scenarios only: thrown jobs could not go on. */
    GRID_DELETED,
    /** A user lets one instance of a job run at once. For written scenarios only. */
    CAP_LOWERED,
    /** A user takes all retries from the tasks of a job. For written scenarios only. */
    RETRIES_TAKEN,
    /** A user pauses a job. */
    PAUSE,
    /** A user resumes a job. */
    RESUME,
    /** A user runs again what of a job has failed. */
    RESTART_FAILED,
    /** A user runs a job again from its second task on, or from its only one. */
    RESTART_FROM,
    /** A user stops all jobs, page by page. */
    STOP_ALL
  }
}
