package dev.windlass.report;

import dev.windlass.job.Outcome;
import dev.windlass.job.TaskName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Attempts of one task that failed in the same way.
 *
 * @param task the task
 * @param example the outcome of one of them; the others have the same kind and, if it is an exit
 *     code, a signal or a timeout, the same value
 * @param attempts how many
 * @param nodes how many of them on which node; immutable
 */
public record FailureGroup(
    TaskName task, Outcome example, long attempts, SortedMap<String, Long> nodes) {

  /** Copies the map. */
  public FailureGroup {
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
  }

  /** Groups failed attempts, the largest group first. */
  static List<FailureGroup> of(List<AttemptReport> failed) {
    Map<List<Object>, FailureGroup> groups = new LinkedHashMap<>();
    for (AttemptReport attempt : failed) {
      Outcome outcome = attempt.status().outcome().orElseThrow();
      FailureGroup alone =
          new FailureGroup(
              attempt.task(), outcome, 1, new TreeMap<>(Map.of(attempt.status().node(), 1L)));
      groups.merge(List.of(attempt.task(), likeness(outcome)), alone, FailureGroup::plus);
    }
    List<FailureGroup> found = new ArrayList<>(groups.values());
    found.sort(Comparator.comparing(FailureGroup::attempts).reversed());
    return List.copyOf(found);
  }

  /** What two outcomes must have in common; a reason in words seldom is the same twice. */
  private static Object likeness(Outcome outcome) {
    return switch (outcome.kind()) {
      case EXITED, SIGNALLED, TIMED_OUT, CANCELLED -> outcome;
      case OUT_OF_MEMORY, LOST, REFUSED, STAGE_IN_FAILED, STAGE_OUT_FAILED -> outcome.kind();
    };
  }

  private FailureGroup plus(FailureGroup other) {
    SortedMap<String, Long> sum = new TreeMap<>(nodes);
    other.nodes.forEach((node, count) -> sum.merge(node, count, Long::sum));
    return new FailureGroup(task, example, attempts + other.attempts, sum);
  }
}
