package dev.windlass.testkit.assertion;

import dev.windlass.Engine;
import dev.windlass.TaskStatus;
import dev.windlass.job.InstanceId;
import dev.windlass.job.State;
import java.time.Instant;
import java.util.Optional;

/** Assertions about a task of a job. */
public final class TaskAssert extends StandingAssert<TaskAssert, TaskStatus> {
  private final Engine engine;
  private final JobAssert job;

  TaskAssert(Engine engine, JobAssert job, TaskStatus status) {
    super(status, TaskAssert.class);
    this.engine = engine;
    this.job = job;
  }

  /**
   * The task has an instance; the assertions that follow are about it.
   *
   * @param index from 0
   * @return assertions about the instance
   */
  public InstanceAssert hasInstance(int index) {
    if (index < 0 || index >= actual.instances().total()) {
      throw failed(
          what() + " should have an instance " + index + " but has " + actual.instances().total());
    }
    return new InstanceAssert(
        engine, this, engine.instance(new InstanceId(actual.job(), actual.name(), index)));
  }

  /**
   * So many of its instances stand in a state.
   *
   * @param state which state
   * @param expected how many
   * @return this
   */
  public TaskAssert hasInstances(State state, long expected) {
    if (actual.instances().of(state) != expected) {
      throw failed(what() + " should have " + expected + " instances " + state);
    }
    return this;
  }

  /**
   * It began when another task of the job had ended, or later.
   *
   * @param other the other task's name
   * @return this
   */
  public TaskAssert ranAfter(String other) {
    Optional<Instant> before = job.hasTask(other).ended();
    if (before.isEmpty() || started().isEmpty() || started().get().isBefore(before.get())) {
      throw failed(
          what()
              + " should have run after task '"
              + other
              + "', which ended "
              + shown(before)
              + ", but began "
              + shown(started()));
    }
    return this;
  }

  private static String shown(Optional<Instant> when) {
    return when.map(instant -> "at " + instant).orElse("never");
  }

  /**
   * Goes back to the job.
   *
   * @return assertions about the job, as it stood before
   */
  public JobAssert and() {
    return job;
  }

  @Override
  String what() {
    return "task '" + actual.name() + "'";
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
    return JobPicture.of(engine, actual.job());
  }
}
