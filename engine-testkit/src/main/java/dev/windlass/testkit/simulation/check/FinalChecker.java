package dev.windlass.testkit.simulation.check;

import dev.windlass.AttemptStatus;
import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.ReservedCapacity;
import dev.windlass.TaskStatus;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.AttemptId;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Placement;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.storage.StoreUri;
import dev.windlass.testkit.machine.RandomPrograms;
import dev.windlass.testkit.storage.InMemoryStorage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What must hold of jobs and their outputs once nothing happens any more. */
public final class FinalChecker {
  private static final Set<String> LOST_CLUSTER =
      Set.of(
          "a cluster or executor that it needs is not there any more",
          "cluster 'grid' was deleted");

  private final Engine engine;
  private final Ledger ledger;
  private final Records records;
  private final InMemoryStorage objects;
  private final Violations violations;
  private final RetryChecker retries;
  private final UsageChecker usage;
  private final LogChecker logs;
  private final Map<String, AttemptId> writers = new HashMap<>();

  public FinalChecker(
      Engine engine,
      Ledger ledger,
      Records records,
      InMemoryStorage objects,
      Violations violations) {
    this.engine = engine;
    this.ledger = ledger;
    this.records = records;
    this.objects = objects;
    this.violations = violations;
    this.usage = new UsageChecker(engine, violations);
    this.logs = new LogChecker(engine, violations);
    this.retries = new RetryChecker(ledger, violations);
  }

  /**
   * Checks all jobs.
   *
   * @param mayBeStopped those of which a user asked it
   */
  public void check(List<JobId> mustBeThere, Set<JobId> mustBeGone, Set<JobId> mayBeStopped) {
    for (JobId job : mustBeThere) {
      violations.unless(isThere(job), "accepted is durable", () -> "job " + job + " is not there");
    }
    for (JobId job : mustBeGone) {
      violations.unless(!isThere(job), "deleted is gone", () -> "job " + job + " is there");
    }
    checkReserved(engine, violations);
    for (JobStatus status : engine.jobs(JobQuery.all()).items()) {
      check(status, mayBeStopped.contains(status.id()));
      usage.check(status);
      violations.unless(
          status.state() != State.STOPPED || mayBeStopped.contains(status.id()),
          "only users stop a job",
          status::toString);
    }
  }

  /** What is kept is of instances that failed, and is all there. */
  public static void checkReserved(Engine engine, Violations violations) {
    for (ReservedCapacity kept : engine.reserved()) {
      InstanceStatus instance = engine.instance(kept.instance());
      violations.unless(
          instance.state() == State.FAILED,
          "what is kept has failed",
          () -> kept + " of " + instance);
      boolean ran =
          switch (instance.outcome().orElseThrow().kind()) {
            case EXITED, SIGNALLED, TIMED_OUT, OUT_OF_MEMORY -> true;
            case LOST, REFUSED, STAGE_IN_FAILED, STAGE_OUT_FAILED, CANCELLED -> false;
          };
      violations.unless(
          !ran || kept.directory().map(all -> Files.isDirectory(all.resolve("work"))).orElse(false),
          "what is kept keeps its files",
          kept::toString);
    }
  }

  private boolean isThere(JobId job) {
    try {
      engine.job(job);
      return true;
    } catch (EngineException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      return false;
    }
  }

  private void check(JobStatus status, boolean mayBeStopped) {
    violations.unless(status.isOver(), "every job comes to its end", status::toString);
    JobDescription description = engine.description(status.id());
    boolean anyFailed = false;
    boolean finalFailed = false;
    boolean anyLeftOut = false;
    boolean anyOpen = false;
    for (TaskStatus task : engine.tasks(status.id())) {
      TaskDescription one = Objects.requireNonNull(description.tasks().get(task.name()));
      checkTask(task, one);
      anyOpen |= task.instances().waiting() + task.instances().running() > 0;
      boolean isFinal = description.finalTask().equals(Optional.of(task.name()));
      finalFailed |= isFinal && task.state() == State.FAILED;
      anyFailed |= !isFinal && task.state() == State.FAILED;
      if (isFinal) {
        checkFinalTask(status, task, description, mayBeStopped);
        continue;
      }
      anyLeftOut |= isLeftOut(task, description);
    }
    violations.unless(!anyOpen, "every job comes to its end", () -> "open instances in " + status);
    boolean failsWithInstance = description.onFailure() != FailurePolicy.GO_ON && anyFailed;
    violations.unless(
        status.state() != State.FINISHED || !(failsWithInstance || finalFailed),
        "a failed task fails its job",
        status::toString);
    violations.unless(
        status.state() != State.FAILED
            || failsWithInstance
            || finalFailed
            || lostItsCluster(status, description),
        "a job fails for a reason",
        status::toString);
    violations.unless(
        status.state() != State.FINISHED || !anyLeftOut,
        "a finished job left out only what its conditions leave out",
        status::toString);
  }

  /** The final task runs unless a user keeps it from that, and what it was told is true. */
  private void checkFinalTask(
      JobStatus status, TaskStatus task, JobDescription job, boolean mayBeStopped) {
    violations.unless(
        task.state() != State.STOPPED || mayBeStopped || lostItsCluster(status, job),
        "the final task runs",
        task::toString);
    State told =
        ledger.lines().values().stream()
            .filter(line -> line.id().job().equals(task.job()))
            .filter(line -> line.id().instance().task().equals(task.name()))
            .reduce((earlier, later) -> later)
            .map(line -> line.spec().environment().getOrDefault(Ledger.JOB_STATE, ""))
            .flatMap(
                name ->
                    Stream.of(State.values())
                        .filter(state -> state.serviceName().equals(name))
                        .findFirst())
            .orElse(status.state());
    boolean changed =
        told == State.FINISHED
            && (status.state() == State.STOPPED
                ? mayBeStopped
                : task.state() == State.FAILED || lostItsCluster(status, job));
    violations.unless(
        told == status.state() || changed || task.state() == State.STOPPED,
        "the final task is told how its job ends",
        () -> "it was told " + told + " of " + status);
  }

  /** Says whether a job failed because a cluster that it names is not there any more. */
  private static boolean lostItsCluster(JobStatus status, JobDescription job) {
    return LOST_CLUSTER.contains(status.message())
        && job.tasks().values().stream()
            .anyMatch(task -> task.placement().kind() == Placement.Kind.ON_CLUSTER);
  }

  /** Says whether a task did not run although those before it ended as it wants. */
  private boolean isLeftOut(TaskStatus task, JobDescription job) {
    return leftOutWithoutReason(task, job) > 0
        && job.dependencies().entrySet().stream()
            .filter(edge -> edge.getValue().contains(task.name()))
            .filter(edge -> !Conditions.isPerInstance(job, edge.getKey(), task.name()))
            .allMatch(
                edge ->
                    Conditions.hold(
                        job,
                        edge.getKey(),
                        task.name(),
                        engine.task(task.job(), edge.getKey()).state()));
  }

  /** How many instances are stopped although those of their index before them finished. */
  private long leftOutWithoutReason(TaskStatus task, JobDescription job) {
    return engine
        .instances(task.job(), task.name(), InstanceQuery.all().limit(1_000).inState(State.STOPPED))
        .items()
        .stream()
        .filter(
            instance -> !isLeftOut(instance.id(), Conditions.task(job, task.name()).perInstance()))
        .count();
  }

  private boolean isLeftOut(InstanceId instance, Set<TaskName> perInstance) {
    return perInstance.stream()
        .map(before -> engine.instance(new InstanceId(instance.job(), before, instance.index())))
        .anyMatch(before -> before.state() != State.FINISHED);
  }

  private void checkTask(TaskStatus task, TaskDescription description) {
    long leftOut =
        IntStream.range(0, description.instanceCount())
            .mapToObj(index -> new InstanceId(task.job(), task.name(), index))
            .filter(instance -> isLeftOut(instance, description.perInstance()))
            .count();
    int counted = 0;
    for (State state : State.values()) {
      List<InstanceStatus> listed =
          engine
              .instances(task.job(), task.name(), InstanceQuery.all().limit(1_000).inState(state))
              .items();
      counted += listed.size();
      violations.unless(
          listed.size() == task.instances().of(state),
          "counts are right",
          () -> state + " listed " + listed.size() + " of " + task);
      listed.forEach(instance -> checkInstance(instance, description));
    }
    int all = counted;
    violations.unless(
        all == description.instanceCount(), "no instance is lost", () -> all + " in " + task);
    violations.unless(
        task.state() != State.FINISHED
            || task.instances().finished()
                >= all - leftOut - description.tolerance().of(description.instanceCount()),
        "a finished task has finished",
        task::toString);
    violations.unless(
        task.state() != State.FAILED
            || task.instances().failed() > description.tolerance().of(description.instanceCount())
            || task.instances().stopped() > 0,
        "what is tolerated fails no task",
        task::toString);
  }

  private void checkInstance(InstanceStatus instance, TaskDescription task) {
    List<AttemptStatus> attempts = engine.attempts(instance.id());
    for (AttemptStatus attempt : attempts) {
      Line line = ledger.lines().get(attempt.id());
      if (line != null && line.outcome().isPresent()) {
        checkOutcome(attempt, line, task.timeout());
      }
      if (line != null && line.hasBegun() && attempt.outcome().isPresent()) {
        logs.check(attempt, attempts, task);
      }
    }
    violations.unless(
        records.restarts(instance.id().job()) > 0 || attempts.size() == instance.attempts(),
        "no attempt is lost",
        () -> attempts + " of " + instance);
    if (records.restarts(instance.id().job()) == 0 && !hasChangedRetry(instance.id())) {
      retries.check(instance, attempts, task.retry());
    }
    if (instance.state() == State.FINISHED) {
      violations.unless(
          instance.outcome().map(Outcome::isSuccess).orElse(false),
          "a finished instance succeeded",
          instance::toString);
    }
    task.mappings().stream()
        .filter(mapping -> mapping.local().equals("out/"))
        .forEach(mapping -> checkOutput(instance, StoreUri.parse(mapping.store())));
  }

  /** Says whether some attempts were decided about by another policy than the described one. */
  private boolean hasChangedRetry(InstanceId instance) {
    return engine.task(instance.job(), instance.task()).changedRetry().isPresent();
  }

  /** What is recorded is what happened: the program's own end, or what became of it afterwards. */
  private void checkOutcome(AttemptStatus attempt, Line line, Duration timeout) {
    Outcome recorded = attempt.outcome().orElse(null);
    Outcome real = line.outcome().orElseThrow();
    if (recorded == null || recorded.equals(real)) {
      violations.unless(recorded != null, "no attempt is lost", () -> attempt + " ended " + real);
      return;
    }
    boolean explained =
        switch (recorded.kind()) {
          case STAGE_OUT_FAILED -> real.isSuccess();
          case TIMED_OUT -> line.hadTime(timeout);
          case REFUSED -> !line.hasBegun();
          case LOST -> RetryChecker.isEviction(recorded);
          default -> false;
        };
    violations.unless(
        explained, "causes are evidence", () -> attempt + " is recorded, it ended " + real);
  }

  private void checkOutput(InstanceStatus instance, StoreUri folder) {
    StoreUri object = folder.resolve(instance.id().index() + ".txt");
    Optional<AttemptId> writer = writer(object);
    if (instance.state() == State.FINISHED) {
      violations.unless(
          writer.equals(Optional.of(instance.id().attempt(instance.attempts()))),
          "outputs are those of the accepted attempt",
          () -> object + " is by " + writer + ", accepted was " + instance);
    } else if (writer.isPresent() && writer.get().job().equals(instance.id().job())) {
      Line line = ledger.lines().get(writer.get());
      violations.unless(
          line != null && line.hasSucceeded() && !line.wasStopped(),
          "outputs are those of the accepted attempt",
          () -> object + " is by " + writer + ", which was stopped or did not succeed");
      violations.unless(
          mayHavePublished(instance, writer.get()),
          "outputs are those of the accepted attempt",
          () -> object + " is by " + writer + ", which was not accepted");
    }
  }

  /** Says whether it is on record that an attempt succeeded, or failed in publishing. */
  private boolean mayHavePublished(InstanceStatus instance, AttemptId writer) {
    return engine.attempts(instance.id()).stream()
        .filter(attempt -> attempt.id().equals(writer))
        .flatMap(attempt -> attempt.outcome().stream())
        .allMatch(
            outcome -> outcome.isSuccess() || outcome.kind() == Outcome.Kind.STAGE_OUT_FAILED);
  }

  /**
   * Which attempt wrote an object, which must be whole. Also one of an earlier job of the same
   * name, which was deleted.
   */
  private Optional<AttemptId> writer(StoreUri object) {
    if (objects.stat(object).isEmpty()) {
      return Optional.empty();
    }
    String content = content(object);
    Optional<AttemptId> writer = Optional.ofNullable(writers().get(content));
    violations.unless(
        writer.isPresent(),
        "outputs appear whole or not at all",
        () -> object + " holds '" + content + "'");
    return writer;
  }

  private String content(StoreUri object) {
    try (InputStream in = objects.read(object, 0)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All attempts by what each of them writes. */
  private Map<String, AttemptId> writers() {
    if (writers.isEmpty()) {
      ledger.lines().keySet().forEach(id -> writers.put(RandomPrograms.content(id), id));
    }
    return writers;
  }
}
