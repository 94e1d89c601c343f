package dev.windlass.testkit.machine;

import dev.windlass.executor.NodeReport;
import dev.windlass.executor.NodeSpec;
import dev.windlass.testkit.time.Timeline;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The nodes of a simulated machine. They outlive hosts, as its programs do. */
final class SimulatedNodes {

  private static final class State {
    boolean up;

    /** Why it is not there any more; null while it is. */
    @Nullable String gone;
  }

  private final Timeline timeline;
  private final Programs programs;
  private final Map<String, State> nodes = new TreeMap<>();
  private Consumer<NodeReport> listener = report -> {};

  SimulatedNodes(Timeline timeline, Programs programs) {
    this.timeline = timeline;
    this.programs = programs;
  }

  void listen(Consumer<NodeReport> reports) {
    listener = reports;
  }

  /** Nodes that are there, or about to be. */
  Set<String> known() {
    return nodes.keySet();
  }

  List<String> up() {
    return nodes.entrySet().stream()
        .filter(node -> node.getValue().up)
        .map(Map.Entry::getKey)
        .toList();
  }

  boolean isUp(String node) {
    State state = nodes.get(node);
    return state != null && state.up;
  }

  /** Says whether a node was there, or was to be, and is not any more. */
  boolean isLost(String node) {
    State state = nodes.get(node);
    return state != null && state.gone != null;
  }

  void start(NodeSpec spec) {
    State known = nodes.get(spec.name());
    if (known == null) {
      State made = new State();
      nodes.put(spec.name(), made);
      NodeCourse course = programs.nodeCourse(spec);
      timeline.after(course.delay(), () -> settle(spec.name(), made, course));
    } else {
      tell(spec.name(), known);
    }
  }

  private void settle(String name, State made, NodeCourse course) {
    if (nodes.get(name) != made || made.gone != null) {
      return;
    }
    made.up = course.failure().isEmpty();
    made.gone = course.failure().orElse(null);
    tell(name, made);
  }

  /** Does not tell what is not decided yet. */
  private void tell(String name, State state) {
    Consumer<NodeReport> present = listener;
    if (state.gone != null) {
      present.accept(new NodeReport.Gone(name, state.gone));
    } else if (state.up) {
      present.accept(new NodeReport.Up(name));
    }
  }

  void end(String name) {
    nodes.remove(name);
    Consumer<NodeReport> present = listener;
    present.accept(new NodeReport.Gone(name, ""));
  }

  /** A node is gone, though nobody asked for that. */
  void lose(String name, String reason) {
    State state = nodes.get(name);
    if (state != null && state.gone == null) {
      state.up = false;
      state.gone = reason;
      tell(name, state);
    }
  }

  void loseAll(String reason) {
    List.copyOf(nodes.keySet()).forEach(name -> lose(name, reason));
  }
}
