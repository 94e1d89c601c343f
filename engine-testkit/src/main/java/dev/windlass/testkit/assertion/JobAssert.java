package dev.windlass.testkit.assertion;

import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.TaskStatus;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Assertions about a job of an engine. */
public final class JobAssert extends StandingAssert<JobAssert, JobStatus> {
  private final Engine engine;

  JobAssert(Engine engine, JobStatus status) {
    super(status, JobAssert.class);
    this.engine = engine;
  }

  /**
   * The job has a task; the assertions that follow are about it.
   *
   * @param name the task's name
   * @return assertions about the task
   */
  public TaskAssert hasTask(String name) {
    List<TaskStatus> tasks = engine.tasks(actual.id());
    for (TaskStatus task : tasks) {
      if (task.name().value().equals(name)) {
        return new TaskAssert(engine, this, task);
      }
    }
    throw failed(
        what()
            + " should have a task '"
            + name
            + "' but has "
            + tasks.stream().map(TaskStatus::name).map(TaskName::value).toList());
  }

  /**
   * The message says why it failed or was stopped.
   *
   * @param part what stands in it
   * @return this
   */
  public JobAssert hasMessageContaining(String part) {
    if (!actual.message().contains(part)) {
      throw failed(
          what() + " should have a message with '" + part + "' but has '" + actual.message() + "'");
    }
    return this;
  }

  /**
   * So many instances stand in a state, over all tasks.
   *
   * @param state which state
   * @param expected how many
   * @return this
   */
  public JobAssert hasInstances(State state, long expected) {
    if (actual.instances().of(state) != expected) {
      throw failed(what() + " should have " + expected + " instances " + state);
    }
    return this;
  }

  /**
   * The job is over: its state is final and nothing of it runs any more.
   *
   * @return this
   */
  public JobAssert isOver() {
    if (!actual.isOver()) {
      throw failed(what() + " should be over");
    }
    return this;
  }

  @Override
  String what() {
    return "job '" + actual.name() + "'";
  }

  @Override
  State state() {
    return actual.state();
  }

  @Override
  Optional<Instant> started() {
    return actual.started();
  }

  @Override
  Optional<Instant> ended() {
    return actual.ended();
  }

  @Override
  String picture() {
    return JobPicture.of(engine, actual.id());
  }
}
