package dev.windlass.core.job;

import dev.windlass.core.job.Tables.JobEvent;
import dev.windlass.error.ErrorCode;
import dev.windlass.event.Event;
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
  private final JobsInMemory jobs;
  private final Output output;
  private final Completion completion;
  private final Placer placer;
  private final ReservedInstances reserved;

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
      output.effect(new Effect.Reply(release.request()));
    } else {
      InstanceId instance = release.instance().get();
      conflict(
          release,
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
      refuseUnknown(operation, job.id);
    } else if (operation instanceof Input.Stop stop) {
      if (job.state().isEnded()) {
        conflict(operation, job.id, job.state(), "only a waiting or running job can be stopped");
      } else {
        completion.stop(job, now);
        output.effect(new Effect.Reply(stop.request()));
      }
    } else if (operation instanceof Input.Restart) {
      if (job.state() == State.FAILED || job.state() == State.STOPPED) {
        job.afterOver.add(operation);
      } else {
        conflict(operation, job.id, job.state(), "only a stopped or failed job can be restarted");
      }
    } else if (operation instanceof Input.Delete delete) {
      if (job.state().isEnded()) {
        job.deleting = true;
        output.changed(job);
        output.effect(new Effect.Reply(delete.request()));
      } else {
        conflict(operation, job.id, job.state(), "only a job that has ended can be deleted");
      }
    } else if (operation instanceof Input.Withdraw withdraw) {
      job.deleting = true;
      output.changed(job);
      if (!job.state().isEnded()) {
        completion.endJob(job, new Ending(State.STOPPED, "its submission failed"), now);
      }
      output.effect(new Effect.Reply(withdraw.request()));
    } else if (job.state() == State.FINISHED) {
      conflict(operation, job.id, job.state(), "a job that has finished is not changed any more");
    } else if (operation instanceof Input.SetRetry change) {
      TaskRun task = job.tasks.get(job.graph.number(change.task()));
      task.setRetry(change.retry());
      output.changed(task);
      output.change(new Change.RuleRetriesForgotten(job.sequence, task.ordinal));
      output.effect(new Effect.Reply(change.request()));
    } else {
      change(job, operation, now);
      output.effect(new Effect.Reply(requestOf(operation)));
    }
  }

  private void change(JobRun job, Input operation, Now now) {
    placer.withdraw(job);
    if (operation instanceof Input.SetPriority change) {
      job.priority = change.priority();
      output.changed(job);
      output.emit(new Event.PriorityChanged(job.id, now.wall(), change.priority()));
    } else if (operation instanceof Input.SetMaxRunning change && change.task().isPresent()) {
      TaskRun task = job.tasks.get(job.graph.number(change.task().get()));
      task.maxRunning = change.maxRunning();
      output.changed(task);
    } else if (operation instanceof Input.SetMaxRunning change) {
      job.maxRunning = change.maxRunning();
      output.changed(job);
    } else {
      throw new AssertionError(operation + " changes nothing");
    }
    job.tasks.forEach(placer::update);
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
        refuseUnknown(operation, loaded.job());
      } else {
        stored = operateOnStored(stored, operation, now);
      }
    }
  }

  /** Carries out an operation on a job that is over; gives back what is left of it. */
  private @Nullable StoredJob operateOnStored(StoredJob stored, Input operation, Now now) {
    JobRecord record = stored.job();
    if (operation instanceof Input.Delete || operation instanceof Input.Withdraw) {
      output.removed(record);
      completion.forgotten(record.id(), now);
      output.effect(new Effect.Reply(requestOf(operation)));
      return null;
    }
    boolean restartable = record.state() == State.FAILED || record.state() == State.STOPPED;
    if (operation instanceof Input.Restart restart && restartable) {
      restart(stored, restart, now);
    } else if (operation instanceof Input.Restart) {
      conflict(
          operation, record.id(), record.state(), "only a stopped or failed job can be restarted");
    } else if (operation instanceof Input.Stop) {
      conflict(
          operation, record.id(), record.state(), "only a waiting or running job can be stopped");
    } else {
      return changeStored(stored, operation, now);
    }
    return stored;
  }

  /** Changes a job that is over, for the case that it is restarted. */
  private StoredJob changeStored(StoredJob stored, Input operation, Now now) {
    JobRun job = JobsInMemory.stored(stored);
    if (job.state() == State.FINISHED) {
      conflict(operation, job.id, job.state(), "a job that has finished is not changed any more");
      return stored;
    }
    List<TaskRecord> tasks = new ArrayList<>(stored.tasks());
    if (operation instanceof Input.SetPriority change) {
      job.priority = change.priority();
      output.changed(job);
      output.emit(new Event.PriorityChanged(job.id, now.wall(), change.priority()));
    } else if (operation instanceof Input.SetMaxRunning change && change.task().isPresent()) {
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
    output.effect(new Effect.Reply(requestOf(operation)));
    return new StoredJob(
        job.record(),
        stored.description(),
        tasks,
        stored.open(),
        stored.again(),
        stored.begun(),
        stored.finished(),
        stored.failed());
  }

  private static int ordinal(JobRun job, TaskName task) {
    return List.copyOf(job.description.tasks().keySet()).indexOf(task);
  }

  private void restart(StoredJob stored, Input.Restart restart, Now now) {
    JobRun job = JobsInMemory.stored(stored);
    if (!jobs.makeTasks(job)) {
      conflict(restart, job.id, "a cluster or executor that it needs is not there any more");
      return;
    }
    JobsInMemory.restoreTasks(job, stored);
    jobs.add(job);
    reserved.release(job.id, record -> !isFinished(job, record.ordinal()));
    output.change(new Change.InstancesReset(job.sequence));
    job.apply(JobEvent.RESTARTED, "");
    job.started = Optional.empty();
    job.ended = Optional.empty();
    output.changed(job);
    completion.emitJob(job, now);
    for (TaskRun task : job.tasks) {
      if (task.isFinal || task.missesWhatRunsAgain()) {
        output.change(new Change.TaskReset(job.sequence, task.ordinal, task.isFinal));
      }
      if (task.isFinal || task.missesWhatRunsAgain() || task.state() != State.FINISHED) {
        task.restart();
        output.changed(task);
      }
    }
    output.effect(new Effect.Reply(restart.request()));
    JobsInMemory.restoreWaiting(job, stored);
    completion.endWhatIsDone(job, now);
    completion.openRoots(job, now);
  }

  /** What failed in a task that has finished was tolerated, and does not begin anew. */
  private static boolean isFinished(JobRun job, int ordinal) {
    return job.tasks.stream()
        .anyMatch(task -> task.ordinal == ordinal && task.state() == State.FINISHED);
  }

  private void conflict(Input operation, JobId job, State state, String rule) {
    conflict(operation, job, "it is " + state.serviceName() + "; " + rule);
  }

  private void conflict(Input operation, JobId job, String detail) {
    output.effect(
        new Effect.Refuse(
            requestOf(operation),
            ErrorCode.STATE_CONFLICT,
            job.value(),
            "job " + job + ": " + detail));
  }

  private void refuseUnknown(Input operation, JobId job) {
    output.effect(
        new Effect.Refuse(
            requestOf(operation), ErrorCode.NOT_FOUND, job.value(), "there is no job " + job));
  }

  private static long requestOf(Input operation) {
    if (operation instanceof Input.Stop stop) {
      return stop.request();
    } else if (operation instanceof Input.Restart restart) {
      return restart.request();
    } else if (operation instanceof Input.Delete delete) {
      return delete.request();
    } else if (operation instanceof Input.Withdraw withdraw) {
      return withdraw.request();
    } else if (operation instanceof Input.SetPriority change) {
      return change.request();
    } else if (operation instanceof Input.SetMaxRunning change) {
      return change.request();
    } else if (operation instanceof Input.SetRetry change) {
      return change.request();
    } else if (operation instanceof Input.ReleaseReserved release) {
      return release.request();
    }
    throw new AssertionError(operation + " is not an operation of a user");
  }
}
