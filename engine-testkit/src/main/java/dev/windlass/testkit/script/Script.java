package dev.windlass.testkit.script;

import dev.windlass.executor.ExecutorException;
import dev.windlass.job.AttemptId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says what becomes of attempts.
 *
 * <pre>{@code
 * script.task("align").instance(3).runsOutOfMemory().times(2)
 *     .then().succeeds().after(Duration.ofMinutes(40));
 * script.job("nightly").task("report").exits(2).printingError("no such table\n");
 * }</pre>
 *
 * <p>A script has parts, each about some attempts and made of steps. Every instance goes through
 * the steps of a part by itself, one attempt after another. Of several parts about one attempt the
 * one stated last counts; so state the general case first. An instance that has gone through all
 * steps of a part goes on with the part stated before it. An attempt about which nothing is stated
 * succeeds after one second.
 *
 * <p>Not for use by several threads.
 */
public final class Script {
  private final List<ScriptPart> parts = new ArrayList<>();
  private final List<Throwable> thrown = new ArrayList<>();
  private Function<AttemptId, Optional<ScriptedAttempt>> first = id -> Optional.empty();
  private Function<String, Optional<String>> nodes = node -> Optional.empty();

  /** A script that states nothing. */
  public Script() {}

  /**
   * Begins a part about jobs with a name.
   *
   * @param name the job's label
   * @return all their attempts
   */
  public ScriptTarget job(String name) {
    return all().job(name);
  }

  /**
   * Begins a part about a task, whatever its job.
   *
   * @param name the task's name
   * @return all its attempts
   * @throws IllegalArgumentException if the name breaks its rule
   */
  public ScriptTarget task(String name) {
    return all().task(name);
  }

  /**
   * Begins a part about all attempts.
   *
   * @return all attempts
   */
  public ScriptTarget all() {
    return new ScriptTarget(this);
  }

  /**
   * Lets a function decide before all parts. A second call replaces the function.
   *
   * @param function from an attempt that is launched to what becomes of it; empty if the parts
   *     decide
   */
  public void attempts(Function<AttemptId, Optional<ScriptedAttempt>> function) {
    first = function;
  }

  /**
   * Lets a function decide which nodes of clusters come up. A second call replaces the function.
   *
   * @param function from the name of a node that is made to why it does not come up; empty if it
   *     comes up at once, as all do without a function
   */
  public void nodes(Function<String, Optional<String>> function) {
    nodes = function;
  }

  /**
   * Why a node does not come up. Asked by the test engine, once for each node.
   *
   * @param node its name
   * @return empty if it comes up
   */
  public Optional<String> nodeFailure(String node) {
    return nodes.apply(node);
  }

  ScriptStep add(ScriptPart part, ScriptStep step) {
    parts.add(part);
    return part.add(step.belongsTo(part));
  }

  /**
   * What becomes of an attempt. Asked by the test engine, once for each attempt, when it is
   * launched.
   *
   * @param id the attempt
   * @param jobName its job's label
   * @return never null; an attempt about which nothing is stated succeeds after one second
   */
  public ScriptedAttempt attempt(AttemptId id, String jobName) {
    return first
        .apply(id)
        .or(() -> step(id, jobName).map(step -> new Stepping(id, step)))
        .orElse(run -> ProgramEnd.exited(0));
  }

  private Optional<ScriptStep> step(AttemptId id, String jobName) {
    for (int i = parts.size() - 1; i >= 0; i--) {
      Optional<ScriptStep> step = parts.get(i).take(id, jobName);
      if (step.isPresent()) {
        return step;
      }
    }
    return Optional.empty();
  }

  /**
   * The steps that did not come, or came less often than stated: mistakes of the test, or of what
   * it tests.
   *
   * @return a line for each, in the order in which they were stated; empty if there is none
   */
  public List<String> unused() {
    return parts.stream().flatMap(ScriptPart::unused).toList();
  }

  /**
   * Fails if a step did not come as often as stated, or a function threw something.
   *
   * @throws AssertionError that names the steps, with what functions threw as suppressed exceptions
   */
  public void verify() {
    List<String> unused = unused();
    if (unused.isEmpty() && thrown.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder("the script was not followed to its end:");
    unused.forEach(line -> text.append("\n  ").append(line));
    thrown.forEach(one -> text.append("\n  a function threw ").append(one));
    AssertionError failure = new AssertionError(text.toString());
    thrown.forEach(failure::addSuppressed);
    throw failure;
  }

  /** An attempt that takes a step. */
  private final class Stepping implements ScriptedAttempt {
    private final AttemptId id;
    private final ScriptStep step;

    Stepping(AttemptId id, ScriptStep step) {
      this.id = id;
      this.step = step;
    }

    @Override
    public Optional<ExecutorException> refusal() {
      return step.refusalOf(id);
    }

    @Override
    public boolean obeysCancellation() {
      return step.obeysCancellation();
    }

    @Override
    public ProgramEnd begin(ScriptedRun run) {
      try {
        return step.begin(run);
      } catch (Exception | AssertionError e) {
        thrown.add(e);
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        run.printError(trace.toString());
        return ProgramEnd.exited(1);
      }
    }

    @Override
    public void end(ScriptedRun run) {
      step.end(run);
    }

    @Override
    public boolean completesOutputs() {
      return !step.isFunction();
    }
  }
}
