package dev.windlass.testkit.assertion;

import dev.windlass.AttemptStatus;
import dev.windlass.Engine;
import dev.windlass.InstanceStatus;
import dev.windlass.LogKind;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Assertions about an instance of a task and about its attempts. */
public final class InstanceAssert extends StandingAssert<InstanceAssert, InstanceStatus> {
  private final Engine engine;
  private final TaskAssert task;
  private final List<AttemptStatus> attempts;

  InstanceAssert(Engine engine, TaskAssert task, InstanceStatus status) {
    super(status, InstanceAssert.class);
    this.engine = engine;
    this.task = task;
    this.attempts = engine.attempts(status.id());
  }

  /**
   * So many attempts have begun, over all restarts of the job.
   *
   * @param expected how many
   * @return this
   */
  public InstanceAssert hadAttempts(int expected) {
    if (attempts.size() != expected) {
      throw failed(
          what() + " should have had " + expected + " attempts but had " + attempts.size());
    }
    return this;
  }

  /**
   * Its attempts ended so, each of them.
   *
   * @param expected the outcomes of all attempts that have ended, the first attempt first
   * @return this
   */
  public InstanceAssert endedWith(Outcome... expected) {
    return compare(List.of(expected), outcomes());
  }

  /**
   * Its attempts ended so, each of them; how exactly is of no importance.
   *
   * @param expected the kinds of outcome of all attempts that have ended, the first attempt first
   * @return this
   */
  public InstanceAssert endedWith(Outcome.Kind... expected) {
    return compare(List.of(expected), outcomes().stream().map(Outcome::kind).toList());
  }

  private List<Outcome> outcomes() {
    return attempts.stream().flatMap(attempt -> attempt.outcome().stream()).toList();
  }

  private InstanceAssert compare(List<?> expected, List<?> found) {
    if (!found.equals(expected)) {
      throw failed(what() + " should have ended with " + expected + " but ended with " + found);
    }
    return this;
  }

  /**
   * Its last attempt printed this to standard output.
   *
   * @param part what stands in it
   * @return this
   */
  public InstanceAssert printed(String part) {
    String output = output();
    if (!output.contains(part)) {
      throw failed(what() + " should have printed '" + part + "' but printed '" + output + "'");
    }
    return this;
  }

  private String output() {
    try (InputStream log = engine.openLog(actual.id(), LogKind.STDOUT, false)) {
      return new String(log.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Goes back to the task.
   *
   * @return assertions about the task, as it stood before
   */
  public TaskAssert and() {
    return task;
  }

  @Override
  String what() {
    return "instance " + actual.id().index() + " of task '" + actual.id().task() + "'";
  }

  @Override
  State state() {
    return actual.state();
  }

  /** Of its first attempt. */
  @Override
  Optional<Instant> started() {
    return attempts.stream().flatMap(attempt -> attempt.started().stream()).findFirst();
  }

  @Override
  Optional<Instant> ended() {
    return actual.ended();
  }

  @Override
  String picture() {
    return JobPicture.attempts(attempts) + "\n" + JobPicture.of(engine, actual.id().job());
  }
}
