package dev.windlass.testkit.simulation;

import dev.windlass.Engine;
import dev.windlass.JobOperation;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.Managed;
import dev.windlass.Page;
import dev.windlass.cluster.ClusterDescription;
import dev.windlass.cluster.NodeStatus;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.ClusterName;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Placement;
import dev.windlass.job.RetryPolicy;
import dev.windlass.testkit.simulation.check.FinalChecker;
import dev.windlass.testkit.simulation.check.Journal;
import dev.windlass.testkit.simulation.check.Records;
import dev.windlass.testkit.simulation.check.Violations;
import dev.windlass.testkit.time.HostCrashed;
import dev.windlass.testkit.time.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The users of the simulated engine. What they were told must stay true; where the host crashed in
 * the midst of a call they know nothing, and ask again.
 */
final class SimulatedUser {
  private static final String GROUP = "g";

  /** The cluster that users make. */
  static final ClusterDescription GRID =
      ClusterDescription.builder(ScenarioDice.GRID)
          .group(
              new ClusterDescription.Group(
                  GROUP, SimulatedHost.EXECUTOR, ScenarioDice.GRID_NODES, ScenarioDice.GRID_NODE))
          .bootstrap("prepare")
          .build();

  static final Placement ON_GRID = new Placement.OnCluster(GRID.name());
  private static final Duration PATIENCE = Duration.ofMillis(50);
  private static final Duration BETWEEN_RELEASES = Duration.ofSeconds(10);

  private final Timeline timeline;
  private final Journal journal;
  private final Violations violations;
  private final Records records;
  private final Supplier<Optional<Engine>> engine;

  /** Jobs by name, as they were accepted. */
  private final Map<String, JobId> accepted = new LinkedHashMap<>();

  private final Set<JobId> deleted = new HashSet<>();

  /** Jobs of which a stop was asked for, whatever the answer was. */
  private final Set<JobId> stopped = new HashSet<>();

  /**
   * Names of jobs of which it is not known whether they were accepted, or whether they were
   * deleted.
   */
  private final Set<String> doubtful = new HashSet<>();

  /** Changes that were acknowledged; each tells of itself if it was lost. */
  private final List<Function<Engine, String>> kept = new ArrayList<>();

  /** From now on the cluster that users make stays as it is to be. */
  private boolean calm;

  /** A token is used by one caller at a time. */
  private final Set<String> busyTokens = new HashSet<>();

  SimulatedUser(
      Timeline timeline,
      Journal journal,
      Violations violations,
      Records records,
      Supplier<Optional<Engine>> engine) {
    this.timeline = timeline;
    this.journal = journal;
    this.violations = violations;
    this.records = records;
    this.engine = engine;
  }

  /** Submits a job, and makes the cluster first that it names, until an answer comes. */
  void submit(JobDescription job) {
    boolean needsGrid =
        job.tasks().values().stream().anyMatch(task -> task.placement().equals(ON_GRID));
    if (needsGrid) {
      call(
          "make " + ScenarioDice.GRID,
          using -> {
            makeGrid(using);
            submitNow(job);
          },
          () -> submit(job));
    } else {
      submitNow(job);
    }
  }

  /** Somebody may have changed it since it was made. */
  private static void makeGrid(Engine using) {
    try {
      using.createCluster(GRID);
    } catch (EngineException e) {
      if (e.code() != ErrorCode.CONFLICT) {
        throw e;
      }
    }
  }

  /** Changes how many nodes the cluster has, if it is there; once. */
  void setNodes(int nodes) {
    onGrid("set nodes to " + nodes, using -> using.setNodes(GRID.name(), GROUP, nodes));
  }

  /** Deletes the cluster, if it is there; once. */
  void deleteGrid() {
    onGrid("delete " + ScenarioDice.GRID, using -> using.deleteCluster(GRID.name()));
  }

  /** What was taken away comes back, so that all jobs can end, and nobody changes it any more. */
  void calm() {
    calm = true;
    call(
        "set nodes to " + ScenarioDice.GRID_NODES,
        using -> using.setNodes(GRID.name(), GROUP, ScenarioDice.GRID_NODES),
        this::calm);
  }

  /** A call can wait until somebody answers, and then be too late. */
  private void onGrid(String what, Consumer<Engine> call) {
    call(
        what,
        using -> {
          if (!calm) {
            call.accept(using);
          }
        },
        () -> {});
  }

  /** What is done with a node. */
  @FunctionalInterface
  interface NodeOperation {
    void on(Engine engine, ClusterName cluster, String node);
  }

  /** Does something with one of the nodes of the cluster, if there is one; once. */
  void onNode(String what, NodeOperation operation) {
    onGrid(
        what + " a node",
        using -> {
          List<NodeStatus> nodes = using.nodes(GRID.name());
          if (!nodes.isEmpty()) {
            int which = timeline.random().nextInt(nodes.size());
            operation.on(using, GRID.name(), nodes.get(which).name());
          }
        });
  }

  /** Submits a job until an answer comes; the token sees to it that it is one job. */
  private void submitNow(JobDescription job) {
    String token = job.name();
    if (!busyTokens.add(token)) {
      timeline.after(PATIENCE, () -> submitNow(job));
      return;
    }
    call(
        "submit " + job.name(),
        using -> {
          JobId id = using.submit(job, token);
          JobId earlier = accepted.putIfAbsent(job.name(), id);
          violations.unless(
              earlier == null
                  || earlier.equals(id)
                  || deleted.contains(earlier)
                  || doubtful.contains(job.name()),
              "one token, one job",
              () -> job.name() + " is " + earlier + " and " + id);
          accepted.put(job.name(), id);
          if (job.autoRelease()) {
            doubtful.add(job.name()); // it may be gone any time
          } else {
            doubtful.remove(job.name());
          }
          busyTokens.remove(token);
        },
        () -> {
          busyTokens.remove(token);
          submit(job);
        });
  }

  /** Does something with a job that was accepted, if it was; once. */
  void stop(String name) {
    once(
        "stop " + name,
        name,
        (using, id) -> {
          stopped.add(id);
          records.mayBegin(id);
          using.stop(id);
        });
  }

  void restart(String name) {
    manage(new JobOperation.Restart(), name);
  }

  /** Does something with a job of which nothing is to be remembered but that it may begin. */
  void manage(JobOperation operation, String name) {
    once(
        operation.kind().name().toLowerCase(Locale.ROOT) + " " + name,
        name,
        (using, id) -> {
          records.mayBegin(id);
          using.manage(id, operation, "as thrown");
        });
  }

  /** Pauses a job, unless all is to come to its end. */
  void pause(String name) {
    once(
        "pause " + name,
        name,
        (using, id) -> {
          if (!calm) {
            using.pause(id);
            records.mustNotBegin(id);
          }
        });
  }

  void resume(String name) {
    manage(new JobOperation.Resume(), name);
  }

  /** Resumes whatever is paused, until an answer comes; from now on nobody pauses anything. */
  void resumeAll() {
    calm = true;
    call(
        "resume all",
        using -> {
          for (JobStatus job : using.jobs(JobQuery.all()).items()) {
            if (job.isPaused()) {
              records.mayBegin(job.id());
              using.resume(job.id());
            }
          }
        },
        this::resumeAll);
  }

  /** Stops what can be stopped, two jobs at a time; goes on where it was if it gets no answer. */
  void stopAll() {
    call(
        "stop all",
        using -> {
          Optional<String> next = Optional.empty();
          JobQuery two = JobQuery.all().limit(2);
          do {
            JobQuery page = next.map(two::after).orElse(two);
            for (JobStatus job : using.jobs(page).items()) {
              stopped.add(job.id());
              records.mayBegin(job.id());
            }
            Page<Managed> managed = using.manage(page, new JobOperation.Stop(), "all of them");
            managed.items().forEach(this::checkStopped);
            next = managed.next();
          } while (next.isPresent());
        },
        this::stopAll);
  }

  private void checkStopped(Managed managed) {
    violations.unless(
        managed.isDone() || managed.refusal().orElseThrow().code() != ErrorCode.INTERNAL,
        "the engine goes on",
        managed::toString);
  }

  void lowerCap(String name) {
    once(
        "lower the cap of " + name,
        name,
        (using, id) -> {
          using.setMaxRunning(id, OptionalInt.of(1));
          kept.add(
              now -> now.job(id).maxRunning().equals(OptionalInt.of(1)) ? "" : "the cap of " + id);
        });
  }

  void takeRetries(JobDescription job) {
    once(
        "take the retries of " + job.name(),
        job.name(),
        (using, id) ->
            job.tasks()
                .keySet()
                .forEach(
                    task -> {
                      using.setRetry(id, task, RetryPolicy.NONE);
                      Optional<RetryPolicy> none = Optional.of(RetryPolicy.NONE);
                      kept.add(
                          now ->
                              now.task(id, task).changedRetry().equals(none)
                                  ? ""
                                  : "the retries of " + task + " of " + id);
                    }));
  }

  /** What users were told is changed stays so. */
  void checkChanges(Engine now) {
    for (Function<Engine, String> change : kept) {
      String lost = change.apply(now);
      violations.unless(lost.isEmpty(), "accepted is durable", () -> "a change of " + lost);
    }
  }

  void setLicences(int total) {
    call(
        "set licences to " + total,
        using -> using.setNamedResource(ScenarioDice.LICENCE, total),
        () -> {});
  }

  void delete(String name) {
    JobId id = accepted.get(name);
    if (id != null) {
      doubtful.add(name);
      call(
          "delete " + name,
          using -> {
            using.delete(id);
            deleted.add(id);
          },
          () -> {});
    }
  }

  /** Looks at what is kept of a job, and releases it. */
  void release(String name) {
    once(
        "release " + name,
        name,
        (using, id) -> {
          FinalChecker.checkReserved(using, violations);
          using.releaseAll(id);
        });
  }

  /** Releases whatever is kept, again and again until all jobs are over. */
  void releaseAll() {
    call(
        "release all",
        using -> {
          FinalChecker.checkReserved(using, violations);
          if (using.jobs(JobQuery.all()).items().stream().anyMatch(job -> !job.isOver())) {
            timeline.after(BETWEEN_RELEASES, this::releaseAll);
          }
          using.reserved().forEach(kept -> using.release(kept.instance()));
        },
        this::releaseAll);
  }

  @FunctionalInterface
  private interface Operation {
    void on(Engine engine, JobId job);
  }

  private void once(String what, String name, Operation operation) {
    JobId id = accepted.get(name);
    if (id != null) {
      call(what, using -> operation.on(using, id), () -> {});
    }
  }

  /**
   * Calls the engine as soon as there is one and nobody is in the midst of something that the call
   * would have to wait for.
   *
   * @param unanswered what to do when no answer came, or that the store failed
   */
  private void call(String what, Consumer<Engine> call, Runnable unanswered) {
    Optional<Engine> present = engine.get();
    if (timeline.isInsideLane() || present.isEmpty()) {
      timeline.after(PATIENCE, () -> call(what, call, unanswered));
      return;
    }
    journal.write("user: " + what);
    try {
      call.accept(present.get());
      journal.write("user: done: " + what);
    } catch (EngineException e) {
      journal.write("user: " + what + ": " + e.code());
      refused(what, e, unanswered);
    } catch (Exception e) {
      crashed(what, e);
      unanswered.run();
    }
  }

  private void refused(String what, EngineException e, Runnable unanswered) {
    ErrorCode code = e.code();
    if (code == ErrorCode.STORE_UNAVAILABLE || code == ErrorCode.ENGINE_CLOSED) {
      timeline.after(PATIENCE, unanswered);
    } else if (code != ErrorCode.STATE_CONFLICT && code != ErrorCode.NOT_FOUND) {
      violations.add("the engine goes on", what + ": " + e);
    }
  }

  private void crashed(String what, Exception e) {
    if (!(e instanceof HostCrashed)) {
      violations.add("typed errors", what + ": " + e);
    }
    journal.write("user: no answer: " + what);
  }

  /** Jobs that must be there. */
  List<JobId> mustBeThere() {
    List<JobId> jobs = new ArrayList<>();
    accepted.forEach(
        (name, id) -> {
          if (!deleted.contains(id) && !doubtful.contains(name)) {
            jobs.add(id);
          }
        });
    return jobs;
  }

  /** Jobs that somebody wanted to be stopped. */
  Set<JobId> mayBeStopped() {
    return stopped;
  }

  /** Jobs that must not be there. */
  Set<JobId> mustBeGone() {
    return deleted;
  }
}
