package dev.windlass.testkit.script;

import dev.windlass.job.AttemptId;
import dev.windlass.job.TaskName;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The attempts that a part of a script is about. Immutable: each method gives back a narrower
 * target, and a target may be used for several parts.
 */
public final class ScriptTarget extends ScriptOutcomes {
  private final Script script;
  private final Optional<String> job;
  private final Optional<TaskName> task;
  private final OptionalInt firstInstance;
  private final OptionalInt lastInstance;
  private final OptionalInt attempt;

  ScriptTarget(Script script) {
    this(
        script,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty());
  }

  private ScriptTarget(
      Script script,
      Optional<String> job,
      Optional<TaskName> task,
      OptionalInt firstInstance,
      OptionalInt lastInstance,
      OptionalInt attempt) {
    this.script = script;
    this.job = job;
    this.task = task;
    this.firstInstance = firstInstance;
    this.lastInstance = lastInstance;
    this.attempt = attempt;
  }

  /**
   * Only attempts of jobs with a name.
   *
   * @param name the job's label
   * @return a target
   */
  public ScriptTarget job(String name) {
    return new ScriptTarget(script, Optional.of(name), task, firstInstance, lastInstance, attempt);
  }

  /**
   * Only attempts of a task.
   *
   * @param name the task's name
   * @return a target
   * @throws IllegalArgumentException if the name breaks its rule
   */
  public ScriptTarget task(String name) {
    return new ScriptTarget(
        script, job, Optional.of(new TaskName(name)), firstInstance, lastInstance, attempt);
  }

  /**
   * Only attempts of one instance.
   *
   * @param index its index, from 0
   * @return a target
   * @throws IllegalArgumentException if negative
   */
  public ScriptTarget instance(int index) {
    return instances(index, index);
  }

  /**
   * Only attempts of some instances.
   *
   * @param first the first index, from 0
   * @param last the last index, which is included
   * @return a target
   * @throws IllegalArgumentException if negative, or the last comes before the first
   */
  public ScriptTarget instances(int first, int last) {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException(
          "0 <= first <= last must hold, was " + first + " and " + last);
    }
    return new ScriptTarget(
        script, job, task, OptionalInt.of(first), OptionalInt.of(last), attempt);
  }

  /**
   * Only attempts with a number.
   *
   * @param number 1 for the first attempt of an instance; counts on when the job is restarted
   * @return a target
   * @throws IllegalArgumentException if below 1
   */
  public ScriptTarget attempt(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("number must be at least 1, was " + number);
    }
    return new ScriptTarget(script, job, task, firstInstance, lastInstance, OptionalInt.of(number));
  }

  @Override
  ScriptStep add(ScriptStep step) {
    return script.add(new ScriptPart(this), step);
  }

  boolean covers(AttemptId id, String jobName) {
    int index = id.instance().index();
    return job.map(jobName::equals).orElse(true)
        && task.map(id.instance().task()::equals).orElse(true)
        && index >= firstInstance.orElse(0)
        && index <= lastInstance.orElse(Integer.MAX_VALUE)
        && id.number() == attempt.orElse(id.number());
  }

  /** For people, such as {@code task 'align', instance 3}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(task.map(name -> "task '" + name + "'").orElse("all"));
    job.ifPresent(name -> text.insert(0, "job '" + name + "', "));
    if (firstInstance.isPresent()) {
      boolean one = firstInstance.equals(lastInstance);
      text.append(one ? ", instance " : ", instances ").append(firstInstance.getAsInt());
      text.append(one ? "" : " to " + lastInstance.getAsInt());
    }
    attempt.ifPresent(number -> text.append(", attempt ").append(number));
    return text.toString();
  }
}
