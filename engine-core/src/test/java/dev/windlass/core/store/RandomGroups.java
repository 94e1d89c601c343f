package dev.windlass.core.store;

import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.core.job.Change;
import dev.windlass.core.job.Ending;
import dev.windlass.core.job.InstanceRecord;
import dev.windlass.core.job.JobRecord;
import dev.windlass.core.job.TaskRecord;
import dev.windlass.core.schedule.Spent;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.MemoryRetry;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/** Groups of changes that touch several tables each, as those of the core do. */
final class RandomGroups {
  private static final TaskName TASK = new TaskName("only");
  private static final int INSTANCES = 20;

  private final Random random;
  private final int bulk;
  private int jobs;
  private int attempts;

  /** Groups whose jobs have descriptions of about a number of characters. */
  RandomGroups(Random random, int bulk) {
    this.random = random;
    this.bulk = bulk;
  }

  /** A new job, or another attempt of some instances of the newest one. */
  List<Change> next() {
    List<Change> group = new ArrayList<>();
    if (jobs == 0 || random.nextInt(3) == 0) {
      jobs++;
      group.add(new Change.JobAccepted(job(), description(), Optional.of("token" + jobs)));
    }
    attempts++;
    int tried = random.nextInt(INSTANCES);
    for (int index = 0; index < tried; index++) {
      group.add(new Change.AttemptSuperseded(jobs, 0, index));
      group.add(new Change.InstanceChanged(instance(index)));
    }
    group.add(new Change.TaskChanged(task(tried)));
    group.add(new Change.JobChanged(job()));
    return group;
  }

  private JobId id() {
    return new JobId(String.format("job-%032x", jobs));
  }

  private JobRecord job() {
    return new JobRecord(
        id(),
        jobs,
        State.RUNNING,
        random.nextInt(9),
        OptionalInt.of(1 + random.nextInt(9)),
        random.nextBoolean() ? Optional.empty() : Optional.of("reason " + attempts),
        "after attempt " + attempts,
        Instant.EPOCH,
        Optional.empty(),
        Optional.empty(),
        attempts,
        false,
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(new Ending(State.FAILED, "reason " + attempts)));
  }

  private JobDescription description() {
    String argument = Integer.toString(random.nextInt(10)).repeat(bulk);
    return JobDescription.builder("torn")
        .task(
            TASK.value(),
            TaskDescription.builder(Command.of("program", argument)).instances(INSTANCES).build())
        .build();
  }

  private TaskRecord task(int running) {
    return new TaskRecord(
        id(),
        jobs,
        0,
        State.RUNNING,
        OptionalInt.empty(),
        someRetry(),
        Optional.empty(),
        Optional.empty(),
        0,
        attempts,
        random.nextInt(3),
        running,
        0,
        0,
        0);
  }

  private Optional<RetryPolicy> someRetry() {
    return random.nextBoolean()
        ? Optional.empty()
        : Optional.of(
            RetryPolicy.retries(random.nextInt(3))
                .withRule(RetryRule.retryOnExit(1 + random.nextInt(9)).atMost(2))
                .withMemory(new MemoryRetry(1, 100, 1_000)));
  }

  private InstanceRecord instance(int index) {
    return new InstanceRecord(
        new InstanceId(id(), TASK, index),
        jobs,
        0,
        State.RUNNING,
        attempts,
        true,
        new Spent(attempts, 1, 0, List.of(0, random.nextInt(2))),
        new Resources(random.nextInt(9), random.nextInt(9), random.nextInt(3)),
        List.of(random.nextInt(3), 3),
        "node" + random.nextInt(3),
        "fake",
        Optional.empty(),
        Optional.empty(),
        Optional.of(new Outcome.Exited(random.nextInt(256))),
        Usage.unknown(),
        dev.windlass.core.job.Course.UNKNOWN);
  }

  /** All that a store holds. */
  List<Object> snapshot(SqliteStore store) {
    List<Object> snapshot = new ArrayList<>();
    snapshot.add(store.lastSequence());
    for (JobStatus job : store.jobs(JobQuery.all().limit(1000)).items()) {
      snapshot.add(job);
      snapshot.add(store.load(job.id()).orElseThrow());
      for (int index = 0; index < INSTANCES; index++) {
        snapshot.add(store.attempts(new InstanceId(job.id(), TASK, index)));
      }
    }
    return snapshot;
  }
}
