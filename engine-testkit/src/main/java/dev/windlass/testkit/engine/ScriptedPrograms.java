package dev.windlass.testkit.engine;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.executor.NodeSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Mapping;
import dev.windlass.job.Outcome;
import dev.windlass.job.TaskDescription;
import dev.windlass.testkit.machine.Course;
import dev.windlass.testkit.machine.NodeCourse;
import dev.windlass.testkit.machine.Programs;
import dev.windlass.testkit.machine.SimulatedMachine;
import dev.windlass.testkit.script.ProgramEnd;
import dev.windlass.testkit.script.Script;
import dev.windlass.testkit.script.ScriptedAttempt;
import dev.windlass.testkit.time.Timeline;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The programs of one machine, which do what the script says. */
final class ScriptedPrograms implements Programs, SimulatedMachine.Observer {
  private final Timeline timeline;
  private final Script script;
  private final Function<JobId, Optional<JobDescription>> jobs;
  private final Map<AttemptId, ScriptedAttempt> attempts = new HashMap<>();

  /** What takes the end of a running program off the agenda. */
  private final Map<AttemptId, Runnable> ends = new HashMap<>();

  private @Nullable SimulatedMachine machine;

  ScriptedPrograms(
      Timeline timeline, Script script, Function<JobId, Optional<JobDescription>> jobs) {
    this.timeline = timeline;
    this.script = script;
    this.jobs = jobs;
  }

  void runOn(SimulatedMachine where) {
    machine = where;
  }

  /** Says whether a program runs that comes to an end of its own. */
  boolean areAnyToEnd() {
    return !ends.isEmpty();
  }

  @Override
  public Course course(AttemptSpec spec) {
    String job = jobs.apply(spec.id().job()).map(JobDescription::name).orElse("");
    ScriptedAttempt attempt = script.attempt(spec.id(), job);
    attempt
        .refusal()
        .ifPresent(
            refusal -> {
              throw refusal;
            });
    attempts.put(spec.id(), attempt);
    return new Course(
        Duration.ZERO, Course.ENDLESS, new Outcome.Exited(0), attempt.obeysCancellation());
  }

  @Override
  public NodeCourse nodeCourse(NodeSpec spec) {
    return new NodeCourse(Duration.ZERO, script.nodeFailure(spec.name()));
  }

  @Override
  public void begins(AttemptSpec spec) {
    ScriptedAttempt attempt = Objects.requireNonNull(attempts.get(spec.id()), "attempt");
    ProgramEnd end = attempt.begin(new AttemptFiles(spec));
    end.outcome()
        .ifPresent(
            outcome ->
                ends.put(
                    spec.id(), timeline.after(end.after(), () -> finish(spec, attempt, outcome))));
  }

  private void finish(AttemptSpec spec, ScriptedAttempt attempt, Outcome outcome) {
    AttemptFiles files = new AttemptFiles(spec);
    attempt.end(files);
    if (outcome.isSuccess() && attempt.completesOutputs()) {
      completeOutputs(files);
    }
    Objects.requireNonNull(machine, "machine").kill(spec.id(), outcome);
  }

  private void completeOutputs(AttemptFiles files) {
    jobs.apply(files.id().job())
        .map(job -> job.tasks().get(files.id().instance().task()))
        .map(TaskDescription::mappings)
        .ifPresent(mappings -> mappings.forEach(mapping -> completeOutput(mapping, files)));
  }

  private static void completeOutput(Mapping mapping, AttemptFiles files) {
    boolean isFile =
        mapping.direction() == Mapping.Direction.OUTPUT && !mapping.local().endsWith("/");
    if (isFile && Files.notExists(files.path(mapping.local()))) {
      files.write(mapping.local(), "written by " + files.id().instance() + "\n");
    }
  }

  @Override
  public void submitted(AttemptSpec spec) {
    // It begins at once.
  }

  @Override
  public void began(AttemptSpec spec) {
    // begins() comes next
  }

  @Override
  public void ended(AttemptSpec spec, Outcome outcome) {
    attempts.remove(spec.id());
    Runnable takeOff = ends.remove(spec.id());
    if (takeOff != null) {
      takeOff.run();
    }
  }

  @Override
  public void released(AttemptId id) {
    // Nothing is kept of it.
  }
}
