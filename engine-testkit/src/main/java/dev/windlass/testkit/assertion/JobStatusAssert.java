package dev.windlass.testkit.assertion;

import dev.windlass.JobStatus;
import dev.windlass.job.State;
import java.time.Instant;
import java.util.Optional;

/** Assertions about a status of a job that was taken some time. */
public final class JobStatusAssert extends StandingAssert<JobStatusAssert, JobStatus> {

  JobStatusAssert(JobStatus status) {
    super(status, JobStatusAssert.class);
  }

  /**
   * The message says why it failed or was stopped.
   *
   * @param part what stands in it
   * @return this
   */
  public JobStatusAssert hasMessageContaining(String part) {
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
  public JobStatusAssert hasInstances(State state, long expected) {
    if (actual.instances().of(state) != expected) {
      throw failed(what() + " should have " + expected + " instances " + state);
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
    return JobPicture.line(actual);
  }
}
