package dev.windlass.testkit.script;

import dev.windlass.job.AttemptId;
import dev.windlass.job.InstanceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A target and the steps that each of its instances goes through. */
final class ScriptPart {
  private final ScriptTarget target;
  private final List<ScriptStep> steps = new ArrayList<>();

  /** How many attempts of an instance have come here. */
  private final Map<InstanceId, Integer> attempts = new HashMap<>();

  ScriptPart(ScriptTarget target) {
    this.target = target;
  }

  ScriptStep add(ScriptStep step) {
    steps.add(step);
    return step;
  }

  /** The step of an attempt that is launched; empty if the part is not, or no more, about it. */
  Optional<ScriptStep> take(AttemptId id, String jobName) {
    if (!target.covers(id, jobName)) {
      return Optional.empty();
    }
    int before = attempts.getOrDefault(id.instance(), 0);
    for (int i = 0; i < steps.size(); i++) {
      ScriptStep step = steps.get(i);
      int times = step.times(i == steps.size() - 1);
      if (before < times) {
        attempts.merge(id.instance(), 1, Integer::sum);
        step.came(before + 1);
        return Optional.of(step);
      }
      before -= times;
    }
    return Optional.empty();
  }

  /** A line for each step that no instance went through as often as the script says. */
  Stream<String> unused() {
    return steps.stream().flatMap(step -> step.unused().stream()).map(line -> target + ": " + line);
  }
}
