package dev.windlass.core.job;

import dev.windlass.JobOperation;
import dev.windlass.core.job.Tables.JobEvent;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Runs jobs that are over again, wholly or in part. */
final class Restarts {
  private final JobsInMemory jobs;
  private final Output output;
  private final Answers answers;
  private final Completion completion;
  private final ReservedInstances reserved;

  Restarts(
      JobsInMemory jobs,
      Output output,
      Answers answers,
      Completion completion,
      ReservedInstances reserved) {
    this.jobs = jobs;
    this.output = output;
    this.answers = answers;
    this.completion = completion;
    this.reserved = reserved;
  }

  /** Restarts a job whose state allows it. */
  void restart(StoredJob stored, Input.Operate asked, Now now) {
    JobRun job = JobsInMemory.stored(stored);
    Optional<TaskName> from =
        asked.operation() instanceof JobOperation.RestartFrom part
            ? Optional.of(part.task())
            : Optional.empty();
    if (from.isPresent() && !job.description.tasks().containsKey(from.get())) {
      answers.unknown(
          asked.request(), job.id, "job " + job.id + " has no task '" + from.get() + "'");
    } else if (isWithoutFailures(stored, asked.operation())) {
      answers.conflict(
          asked.request(), job.id, job.state(), "nothing of it failed that could be run again");
    } else if (!jobs.makeTasks(job)) {
      answers.conflict(
          asked.request(), job.id, "a cluster or executor that it needs is not there any more");
    } else {
      begin(job, stored, asked, from, now);
    }
  }

  private static boolean isWithoutFailures(StoredJob stored, JobOperation operation) {
    return operation.kind() == JobOperation.Kind.RESTART_FAILED
        && stored.job().state() == State.FINISHED
        && stored.tasks().stream().allMatch(task -> task.failed() == 0);
  }

  private void begin(
      JobRun job, StoredJob stored, Input.Operate asked, Optional<TaskName> from, Now now) {
    Set<TaskRun> whole = wholeTasks(job, from);
    JobsInMemory.restoreTasks(job, stored);
    jobs.add(job);
    completion.emitOperation(asked, now);
    output.change(new Change.InstancesReset(job.sequence));
    job.apply(job.state() == State.FINISHED ? JobEvent.REPEATED : JobEvent.RESTARTED, "");
    job.started = Optional.empty();
    job.ended = Optional.empty();
    output.changed(job);
    completion.emitJob(job, now);
    boolean toleratedToo = asked.operation().kind() == JobOperation.Kind.RESTART_FAILED;
    Set<Integer> restarted = new HashSet<>();
    for (TaskRun task : job.tasks) {
      if (restart(task, whole.contains(task), toleratedToo)) {
        restarted.add(task.ordinal);
      }
    }
    reserved.release(job.id, record -> restarted.contains(record.ordinal()));
    answers.done(asked.request());
    Set<Integer> discarded = new HashSet<>();
    whole.forEach(task -> discarded.add(task.ordinal));
    JobsInMemory.restoreWaiting(job, stored.withoutFinishedOf(discarded));
    completion.endWhatIsDone(job, now);
    completion.openRoots(job, now);
  }

  /** The tasks of which also what had finished runs again. Predecessors come first. */
  private static Set<TaskRun> wholeTasks(JobRun job, Optional<TaskName> from) {
    Set<TaskRun> whole = new HashSet<>();
    for (TaskRun task : job.tasks) {
      if (task.isFinal || from.equals(Optional.of(task.plan.name()))) {
        whole.add(task);
      }
      if (whole.contains(task)) {
        Arrays.stream(job.graph.successors(task.number))
            .mapToObj(job.tasks::get)
            .forEach(whole::add);
      }
    }
    return whole;
  }

  /** Restarts a task if anything of it is to run again; says whether there is. */
  private boolean restart(TaskRun task, boolean whole, boolean toleratedToo) {
    boolean hasFinished = task.state() == State.FINISHED;
    boolean part = task.missesWhatRunsAgain() || (toleratedToo && task.failed > 0);
    if (whole || (hasFinished && part)) {
      output.change(new Change.TaskReset(task.job.sequence, task.ordinal, whole));
    }
    boolean again = whole || part || !hasFinished;
    if (again) {
      task.restart(whole);
      output.changed(task);
    }
    return again;
  }
}
