package dev.windlass.testkit.simulation;

import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.testkit.machine.Course;
import dev.windlass.testkit.machine.Programs;
import dev.windlass.testkit.machine.RandomPrograms;
import java.util.function.Function;

/**
 * Programs whose courses are written down; what they write is what all simulated programs write.
 */
final class ScriptedPrograms implements Programs {
  private final Function<AttemptId, Course> script;
  private final RandomPrograms writing = new RandomPrograms(0);

  ScriptedPrograms(Function<AttemptId, Course> script) {
    this.script = script;
  }

  @Override
  public Course course(AttemptSpec spec) {
    return script.apply(spec.id());
  }

  @Override
  public void begins(AttemptSpec spec) {
    writing.begins(spec);
  }

  @Override
  public void ends(AttemptSpec spec, Course course) {
    writing.ends(spec, course);
  }
}
