package dev.windlass.core.job;

import dev.windlass.JobOperation;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What users ask for. An operation on a job that is over first loads it; operations on the same job
 * wait meanwhile, so each sees what the one before it did.
 */
final class Operations {
  private static final String FINISHED_STAYS = "a job that has finished is not changed any more";

  private final JobsInMemory jobs;
  private final Output output;
  private final Completion completion;
  private final Placer placer;
  private final ReservedInstances reserved;
  private final Answers answers;
  private final Restarts restarts;

  /** Operations that wait for a job to be loaded. */
  private final Map<JobId, List<Input>> loading = new HashMap<>();

  Operations(
      JobsInMemory jobs,
      Output output,
      Completion completion,
      Placer placer,
      ReservedInstances reserved) {
    this.jobs = jobs;
    this.output = output;
    this.completion = completion;
    this.placer = placer;
    this.reserved = reserved;
    this.answers = new Answers(output);
    this.restarts = new Restarts(jobs, output, answers, completion, reserved);
  }

  void submit(Input.Submit submit, Now now) {
    JobRun job = JobsInMemory.submitted(submit, now);
    if (!jobs.makeTasks(job)) {
      // It was there when the job was checked.
      output.effect(
          new Effect.Refuse(
              submit.request(),
              ErrorCode.STATE_CONFLICT,
              submit.description().name(),
              "job '"
                  + submit.description().name()
                  + "': a cluster of it is being deleted; submit it for another"));
      return;
    }
    jobs.add(job);
    output.change(new Change.JobAccepted(job.record(), submit.description(), submit.token()));
    job.tasks.forEach(output::changed);
    completion.emitJob(job, now);
    output.effect(new Effect.Reply(submit.request()));
    completion.openRoots(job, now);
  }

  void setNamedResource(Input.SetNamedResource change) {
    placer.setNamedTotal(change.name(), change.total());
    output.change(new Change.NamedResourceSet(change.name(), change.total()));
    output.effect(new Effect.Reply(change.request()));
  }

  void addConsumer(Input.AddConsumer add) {
    output.change(new Change.ConsumerAdded(add.name()));
    output.effect(new Effect.Reply(add.request()));
  }

  void forgetConsumer(Input.ForgetConsumer forget) {
    output.change(new Change.ConsumerForgotten(forget.name()));
    output.effect(new Effect.Reply(forget.request()));
  }

  /** What is kept is all in memory, also of jobs that are not. */
  void release(Input.ReleaseReserved release) {
    boolean any =
        reserved.release(
            release.job(), record -> release.instance().map(record.id()::equals).orElse(true));
    if (any || release.instance().isEmpty()) {
      answers.done(release.request());
    } else {
      InstanceId instance = release.instance().get();
      answers.conflict(
          release.request(),
          release.job(),
          "instance " + instance.index() + " of task '" + instance.task() + "' keeps nothing");
    }
  }

  /** Carries out a user's operation, after loading the job if it is not in memory. */
  void operate(JobId id, Input operation, Now now) {
    List<Input> waiting = loading.get(id);
    if (waiting != null) {
      waiting.add(operation);
      return;
    }
    JobRun job = jobs.get(id);
    if (job == null) {
      loading.put(id, new ArrayList<>(List.of(operation)));
      output.effect(new Effect.Load(id));
    } else {
      operateOn(job, operation, now);
    }
  }

  private void operateOn(JobRun job, Input operation, Now now) {
    if (job.deleting) {
      answers.unknownJob(requestOf(operation), job.id);
    } else if (operation instanceof Input.Operate asked) {
      Optional<String> rule = OperationRules.against(asked.operation(), job.state());
      if (rule.isPresent()) {
        answers.conflict(asked.request(), job.id, job.state(), rule.get());
      } else {
        carryOut(job, asked, now);
      }
    } else if (operation instanceof Input.Withdraw withdraw) {
      job.deleting = true;
      output.changed(job);
      if (!job.state().isEnded()) {
        completion.endJob(job, new Ending(State.STOPPED, "its submission failed"), now);
      }
      answers.done(withdraw.request());
    } else if (job.state() == State.FINISHED) {
      answers.conflict(requestOf(operation), job.id, job.state(), FINISHED_STAYS);
    } else if (operation instanceof Input.SetMaxRunning change) {
      setMaxRunning(job, change);
    } else if (operation instanceof Input.SetRetry change) {
      setRetry(job, change);
    } else {
      throw new AssertionError(operation + " is not an operation on a job");
    }
  }

  private void carryOut(JobRun job, Input.Operate asked, Now now) {
    switch (asked.operation().kind()) {
      case STOP -> {
        completion.emitOperation(asked, now);
        completion.stop(job, asked.reason(), now);
      }
      case PAUSE -> changeIf(!job.isPaused(), job, asked, now);
      case RESUME -> {
        changeIf(job.isPaused(), job, asked, now);
        output.effect(new Effect.Feed(new Input.ResumeDurable(job.id)));
      }
      case SET_PRIORITY -> changeIf(job.priority != priorityOf(asked), job, asked, now);
      case DELETE -> {
        completion.emitOperation(asked, now);
        job.deleting = true;
        output.changed(job);
      }
      case RESTART, RESTART_FAILED, RESTART_FROM -> {
        job.afterOver.add(asked); // answered then
        return;
      }
    }
    answers.done(asked.request());
  }

  /** Changes where a job stands among the others, or whether; if that makes any difference. */
  private void changeIf(boolean differs, JobRun job, Input.Operate asked, Now now) {
    if (differs) {
      completion.emitOperation(asked, now);
      replace(job, () -> set(job, asked));
      output.changed(job);
    }
  }

  /** Nothing is kept for a job that is taken out: only a real change may do that. */
  private void replace(JobRun job, Runnable change) {
    placer.withdraw(job);
    change.run();
    job.tasks.forEach(placer::update);
  }

  private static void set(JobRun job, Input.Operate asked) {
    switch (asked.operation().kind()) {
      case PAUSE -> job.paused = Optional.of(asked.reason());
      case RESUME -> {
        job.paused = Optional.empty();
        job.resuming = true;
      }
      case SET_PRIORITY -> job.priority = priorityOf(asked);
      case STOP, DELETE, RESTART, RESTART_FAILED, RESTART_FROM ->
          throw new AssertionError(asked + " changes no place");
    }
  }

  /** That a job goes on is durable. */
  void resumeDurable(JobId id) {
    JobRun job = jobs.get(id);
    if (job != null) {
      job.resuming = false;
      job.tasks.forEach(placer::update);
    }
  }

  private static int priorityOf(Input.Operate asked) {
    return ((JobOperation.SetPriority) asked.operation()).priority();
  }

  private void setMaxRunning(JobRun job, Input.SetMaxRunning change) {
    if (change.task().isEmpty() && !job.maxRunning.equals(change.maxRunning())) {
      replace(job, () -> job.maxRunning = change.maxRunning());
      output.changed(job);
    } else if (change.task().isPresent()) {
      TaskRun task = job.tasks.get(job.graph.number(change.task().get()));
      if (!task.maxRunning.equals(change.maxRunning())) {
        replace(job, () -> task.maxRunning = change.maxRunning());
        output.changed(task);
      }
    }
    answers.done(change.request());
  }

  private void setRetry(JobRun job, Input.SetRetry change) {
    TaskRun task = job.tasks.get(job.graph.number(change.task()));
    if (!task.retry().equals(change.retry())) {
      task.setRetry(change.retry());
      output.changed(task);
      output.change(new Change.RuleRetriesForgotten(job.sequence, task.ordinal));
    }
    answers.done(change.request());
  }

  void loaded(Input.Loaded loaded, Now now) {
    List<Input> operations = loading.remove(loaded.job());
    if (operations == null) {
      throw new AssertionError(loaded.job() + " was loaded though nobody asked");
    }
    StoredJob stored = loaded.stored();
    for (Input operation : operations) {
      if (jobs.has(loaded.job())) {
        operate(loaded.job(), operation, now);
      } else if (stored == null || stored.job().deleting()) {
        answers.unknownJob(requestOf(operation), loaded.job());
      } else {
        stored = operateOnStored(stored, operation, now);
      }
    }
  }

  /** Carries out an operation on a job that is over; gives back what is left of it. */
  private @Nullable StoredJob operateOnStored(StoredJob stored, Input operation, Now now) {
    if (operation instanceof Input.Operate asked) {
      JobRecord record = stored.job();
      Optional<String> rule = OperationRules.against(asked.operation(), record.state());
      if (rule.isPresent()) {
        answers.conflict(asked.request(), record.id(), record.state(), rule.get());
        return stored;
      }
      return carryOut(stored, asked, now);
    } else if (operation instanceof Input.Withdraw withdraw) {
      remove(stored.job(), now);
      answers.done(withdraw.request());
      return null;
    }
    return change(stored, operation);
  }

  private @Nullable StoredJob carryOut(StoredJob stored, Input.Operate asked, Now now) {
    switch (asked.operation().kind()) {
      case DELETE -> {
        completion.emitOperation(asked, now);
        remove(stored.job(), now);
        answers.done(asked.request());
        return null;
      }
      case SET_PRIORITY -> {
        JobRun job = JobsInMemory.stored(stored);
        if (job.priority != priorityOf(asked)) {
          completion.emitOperation(asked, now);
          job.priority = priorityOf(asked);
          output.changed(job);
        }
        answers.done(asked.request());
        return stored.with(job.record(), stored.tasks());
      }
      case RESTART, RESTART_FAILED, RESTART_FROM -> {
        restarts.restart(stored, asked, now);
        return stored;
      }
      case STOP, PAUSE, RESUME -> throw new AssertionError(asked + " is for a job that runs");
    }
    throw new AssertionError(asked);
  }

  private void remove(JobRecord job, Now now) {
    output.removed(job);
    completion.forgotten(job.id(), now);
  }

  /** Changes a job that is over, for the case that it is restarted. */
  private StoredJob change(StoredJob stored, Input operation) {
    JobRun job = JobsInMemory.stored(stored);
    if (job.state() == State.FINISHED) {
      answers.conflict(requestOf(operation), job.id, job.state(), FINISHED_STAYS);
      return stored;
    }
    List<TaskRecord> tasks = new ArrayList<>(stored.tasks());
    if (operation instanceof Input.SetMaxRunning change && change.task().isPresent()) {
      int ordinal = ordinal(job, change.task().get());
      tasks.set(ordinal, tasks.get(ordinal).withMaxRunning(change.maxRunning()));
      output.change(new Change.TaskChanged(tasks.get(ordinal)));
    } else if (operation instanceof Input.SetRetry change) {
      int ordinal = ordinal(job, change.task());
      tasks.set(ordinal, tasks.get(ordinal).withRetry(change.retry()));
      output.change(new Change.TaskChanged(tasks.get(ordinal)));
      output.change(new Change.RuleRetriesForgotten(job.sequence, ordinal));
    } else if (operation instanceof Input.SetMaxRunning change) {
      job.maxRunning = change.maxRunning();
      output.changed(job);
    }
    answers.done(requestOf(operation));
    return stored.with(job.record(), tasks);
  }

  private static int ordinal(JobRun job, TaskName task) {
    return List.copyOf(job.description.tasks().keySet()).indexOf(task);
  }

  private static long requestOf(Input operation) {
    if (operation instanceof Input.Operate asked) {
      return asked.request();
    } else if (operation instanceof Input.Withdraw withdraw) {
      return withdraw.request();
    } else if (operation instanceof Input.SetMaxRunning change) {
      return change.request();
    } else if (operation instanceof Input.SetRetry change) {
      return change.request();
    }
    throw new AssertionError(operation + " is not an operation on a job");
  }
}
