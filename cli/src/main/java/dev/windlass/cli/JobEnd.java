package dev.windlass.cli;

import dev.windlass.Counts;
import dev.windlass.JobStatus;
import dev.windlass.TaskStatus;
import dev.windlass.event.Event;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a job that is gone has ended, from its events, which are seen in their order. */
final class JobEnd {

  private State state = State.FINISHED;
  private String message = "";
  private final Map<TaskName, State> ends = new HashMap<>();
  private final Map<TaskName, Long> successes = new HashMap<>();
  private final Map<TaskName, Long> failures = new HashMap<>();

  void see(Event event) {
    if (event instanceof Event.JobChanged change && change.state().isEnded()) {
      state = change.state();
      message = change.message();
    } else if (event instanceof Event.TaskChanged change && change.state().isEnded()) {
      ends.put(change.task(), change.state());
    } else if (event instanceof Event.InstanceChanged change) {
      if (change.state() == State.FINISHED) {
        successes.merge(change.instance().task(), 1L, Long::sum);
      } else if (change.state() == State.FAILED) {
        failures.merge(change.instance().task(), 1L, Long::sum);
      }
    }
  }

  /**
   * The job and its tasks as they were in the end.
   *
   * @param last where they stood when it was last there
   * @param at when that was over, where it is not known better
   */
  Snapshot of(Snapshot last, Instant at) {
    JobStatus job = last.job();
    List<TaskStatus> tasks = last.tasks().stream().map(task -> ended(task, at)).toList();
    Counts instances = tasks.stream().map(TaskStatus::instances).reduce(Counts.NONE, Counts::plus);
    long failed = tasks.stream().filter(task -> task.state() == State.FAILED).count();
    long stopped = tasks.stream().filter(task -> task.state() == State.STOPPED).count();
    JobStatus ended =
        new JobStatus(
            job.id(),
            job.name(),
            state,
            message,
            Optional.empty(),
            job.owner(),
            job.labels(),
            job.priority(),
            job.maxRunning(),
            job.created(),
            job.started(),
            job.ended().or(() -> Optional.of(at)),
            new Counts(0, 0, tasks.size() - failed - stopped, failed, stopped),
            instances,
            0);
    return new Snapshot(ended, tasks);
  }

  /** What neither finished nor failed of a task that did not finish was stopped or left out. */
  private TaskStatus ended(TaskStatus task, Instant at) {
    long all = task.instances().total();
    State end = ends.getOrDefault(task.name(), state);
    long failed = Math.min(failures.getOrDefault(task.name(), 0L), all);
    long finished =
        end == State.FINISHED
            ? all - failed
            : Math.min(successes.getOrDefault(task.name(), 0L), all - failed);
    return new TaskStatus(
        task.job(),
        task.name(),
        end,
        task.maxRunning(),
        task.changedRetry(),
        task.started(),
        task.ended().or(() -> Optional.of(at)),
        new Counts(0, 0, finished, failed, all - finished - failed));
  }
}
