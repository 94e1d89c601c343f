package dev.windlass.core.engine;

import dev.windlass.InstanceStatus;
import dev.windlass.TaskStatus;
import dev.windlass.core.job.Explainer;
import dev.windlass.core.runtime.EngineLoop;
import dev.windlass.core.store.StateStore;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import dev.windlass.why.InstanceExplanation;
import dev.windlass.why.JobExplanation;
import dev.windlass.why.Reason;
import dev.windlass.why.TaskExplanation;
import dev.windlass.why.TaskExplanation.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Answers why something does not run: from a core, and from the store what no core has in memory.
 */
final class Why {

  /** Asks a core that may live on another thread. */
  interface Asker {
    <T> T ask(Function<Explainer, T> question);
  }

  private final StateStore store;
  private final Asker core;

  Why(StateStore store, Asker core) {
    this.store = store;
    this.core = core;
  }

  JobExplanation job(JobId job) {
    List<TaskStatus> tasks = tasks(job);
    return core.ask(explainer -> explainer.job(job))
        .orElseGet(() -> new JobExplanation(job, tasks.stream().map(Why::recorded).toList()));
  }

  TaskExplanation task(JobId job, TaskName name) {
    TaskStatus task =
        tasks(job).stream()
            .filter(status -> status.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorCode.NOT_FOUND,
                        job + "/" + name,
                        "job " + job + " has no task '" + name + "'"));
    return core.ask(explainer -> explainer.task(job, name)).orElseGet(() -> recorded(task));
  }

  private List<TaskStatus> tasks(JobId job) {
    List<TaskStatus> tasks = store.tasks(job);
    if (tasks.isEmpty()) {
      throw EngineLoop.notFound(job);
    }
    return tasks;
  }

  InstanceExplanation instance(InstanceId id) {
    recorded(id); // NOT_FOUND is told here
    return core.ask(explainer -> explainer.instance(id))
        // It has ended, and that may be on its way to the store only.
        .orElseGet(() -> new InstanceExplanation(id, List.of(ended(recorded(id))), List.of()));
  }

  private InstanceStatus recorded(InstanceId id) {
    return store
        .instance(id)
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.NOT_FOUND, id.toString(), "there is no instance " + id));
  }

  private static Reason ended(InstanceStatus status) {
    return status.state().isEnded()
        ? new Reason.Ended(status.state(), status.ended(), status.outcome())
        : new Reason.NotYetRecorded();
  }

  /** What is recorded of a task of a job that is over. */
  private static TaskExplanation recorded(TaskStatus task) {
    List<Group> groups = new ArrayList<>();
    for (State state : State.values()) {
      int count = (int) task.instances().of(state);
      if (count > 0) {
        Reason reason =
            state.isEnded()
                ? new Reason.Ended(state, Optional.empty(), Optional.empty())
                : new Reason.NotYetRecorded();
        groups.add(new Group(count, OptionalInt.empty(), List.of(reason), List.of()));
      }
    }
    return new TaskExplanation(task.job(), task.name(), groups);
  }
}
