package dev.windlass.testkit.simulation.check;

import dev.windlass.core.job.Change;
import dev.windlass.core.job.InstanceRecord;
import dev.windlass.executor.AttemptSpec;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Resources;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Who has which devices and named resources, from the launch of an attempt to its end.
 *
 * <p>How many there are of a named resource of the engine changes while attempts are on their way.
 * What is committed tells the order of the engine's decisions: how many there were when an attempt
 * was placed. The engine frees later than a program ends, so of all that hold some at a moment the
 * one that was placed last found room for all of them.
 */
final class Holdings {
  private final Violations violations;

  /** The named resources of the cluster to which a node belongs. */
  private final Function<String, Map<String, Integer>> namedOfCluster;

  private final Map<AttemptId, AttemptSpec> held = new LinkedHashMap<>();

  /** The engine's totals by which each attempt was placed, once that is known. */
  private final Map<AttemptId, Map<String, Integer>> placedBy = new HashMap<>();

  private SortedMap<String, Integer> totals = new TreeMap<>();
  private final SortedMap<String, Integer> mostEver = new TreeMap<>();

  Holdings(Violations violations, Function<String, Map<String, Integer>> namedOfCluster) {
    this.violations = violations;
    this.namedOfCluster = namedOfCluster;
  }

  /** An attempt is launched. */
  void begins(AttemptSpec spec, Resources node) {
    violations.unless(
        spec.gpuDevices().size() == spec.resources().gpus()
            && spec.gpuDevices().stream().allMatch(device -> device < node.gpus()),
        "devices are of the node",
        () -> spec.id() + " has " + spec.gpuDevices() + " of " + node);
    for (AttemptSpec other : held.values()) {
      violations.unless(
          !other.node().equals(spec.node())
              || other.gpuDevices().stream().noneMatch(spec.gpuDevices()::contains),
          "a device has one holder",
          () ->
              spec.id()
                  + " gets "
                  + spec.gpuDevices()
                  + ", "
                  + other.id()
                  + " has "
                  + other.gpuDevices());
    }
    held.put(spec.id(), spec);
    checkNamed();
  }

  /** The program of an attempt is over. */
  void ends(AttemptSpec spec) {
    held.remove(spec.id());
  }

  /** Changes go to the store, in the order in which they were decided. */
  void committing(List<Change> changes) {
    for (Change change : changes) {
      if (change instanceof Change.NamedResourceSet set) {
        totals.put(set.name(), set.total());
        mostEver.merge(set.name(), set.total(), Math::max);
      } else if (change instanceof Change.InstanceChanged instance && instance.record().active()) {
        InstanceRecord record = instance.record();
        placedBy.putIfAbsent(record.id().attempt(record.attempt()), new TreeMap<>(totals));
      }
    }
    checkNamed();
  }

  /** The store was opened; what was placed by a total that is not on record is known to nobody. */
  void reopened(SortedMap<String, Integer> durable) {
    totals = new TreeMap<>(durable);
    durable.forEach((name, total) -> mostEver.merge(name, total, Math::max));
    held.keySet().forEach(id -> placedBy.putIfAbsent(id, mostEver));
  }

  private void checkNamed() {
    Map<String, Integer> ofEngine = new TreeMap<>();
    Map<String, Integer> most = new TreeMap<>();
    boolean known = true;
    for (AttemptSpec spec : held.values()) {
      Map<String, Integer> ofCluster = namedOfCluster.apply(spec.node());
      Map<String, Integer> found = placedBy.get(spec.id());
      for (Map.Entry<String, Integer> each : spec.resources().named().entrySet()) {
        if (ofCluster.containsKey(each.getKey())) {
          checkOfCluster(each.getKey(), ofCluster);
        } else if (found == null) {
          known = false;
        } else {
          ofEngine.merge(each.getKey(), each.getValue(), Integer::sum);
          most.merge(each.getKey(), found.getOrDefault(each.getKey(), 0), Math::max);
        }
      }
    }
    boolean within =
        ofEngine.entrySet().stream()
            .allMatch(each -> each.getValue() <= most.getOrDefault(each.getKey(), 0));
    violations.unless(
        !known || within,
        "named resources are never exceeded",
        () -> held.keySet() + " have " + ofEngine + " of " + most);
  }

  private void checkOfCluster(String name, Map<String, Integer> totalsOfCluster) {
    int sum =
        held.values().stream()
            .filter(spec -> namedOfCluster.apply(spec.node()).containsKey(name))
            .mapToInt(spec -> spec.resources().named().getOrDefault(name, 0))
            .sum();
    violations.unless(
        sum <= totalsOfCluster.getOrDefault(name, 0),
        "named resources are never exceeded",
        () -> held.keySet() + " have " + sum + " " + name);
  }
}
