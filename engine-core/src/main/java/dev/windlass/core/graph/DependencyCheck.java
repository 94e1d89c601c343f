package dev.windlass.core.graph;

import dev.windlass.error.ErrorCode;
import dev.windlass.job.Condition;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobDescription;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jgrapht.Graph;
import org.jgrapht.Graphs;
import org.jgrapht.alg.connectivity.KosarajuStrongConnectivityInspector;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.SimpleDirectedGraph;

/** Checks that the dependencies name tasks of the job and form no cycle, and what rests on them. */
final class DependencyCheck {

  private static final FieldPath PATH = FieldPath.ROOT.field("DAG").field("Dependencies");

  /** Tasks of a cycle that are shown at its beginning; a longer one is cut. */
  private static final int SHOWN = 8;

  private final JobDescription job;
  private final Faults faults;
  private final List<String> names;
  private final Graph<TaskName, DefaultEdge> graph = new SimpleDirectedGraph<>(DefaultEdge.class);

  DependencyCheck(JobDescription job, Faults faults) {
    this.job = job;
    this.faults = faults;
    this.names = job.tasks().keySet().stream().map(TaskName::value).toList();
  }

  void run() {
    job.tasks().keySet().forEach(graph::addVertex);
    job.dependencies().forEach(this::addEdges);
    job.tasks().forEach(this::checkConditions);
    job.tasks().forEach((name, task) -> checkPerInstance(name, task.perInstance()));
    job.finalTask().ifPresent(this::checkFinalTask);
    // Kosaraju's way is the one of JGraphT's that does not recurse: a chain may have thousands of
    // tasks.
    for (Set<TaskName> part :
        new KosarajuStrongConnectivityInspector<>(graph).stronglyConnectedSets()) {
      if (part.size() > 1) {
        addCycle(shortestCycle(part));
      }
    }
  }

  private void addEdges(TaskName before, Set<TaskName> followers) {
    FieldPath path = PATH.field(before.value());
    boolean known = isKnown(before, path);
    int position = 0;
    for (TaskName after : followers) {
      FieldPath element = path.element(position++);
      if (after.equals(before)) {
        String rule = "a task does not wait for itself, as in " + before + " -> " + before;
        faults.add(ErrorCode.CYCLE, element, after.value(), rule);
      } else if (isKnown(after, element) && known) {
        graph.addEdge(before, after);
      }
    }
  }

  private void checkConditions(TaskName name, TaskDescription task) {
    FieldPath path = FieldPath.task(name.value()).field("windlass").field("after");
    task.conditions()
        .forEach(
            (before, condition) -> {
              FieldPath field = path.field(before.value());
              if (!job.dependencies().getOrDefault(before, Set.of()).contains(name)) {
                faults.add(
                    ErrorCode.REFERENCE,
                    field,
                    before.value(),
                    "a condition is on a task before this one; DAG.Dependencies has no "
                        + before
                        + " -> "
                        + name);
              } else if (condition == Condition.FAILURE && job.onFailure() != FailurePolicy.GO_ON) {
                faults.add(
                    ErrorCode.CONFLICT,
                    field,
                    "failure",
                    "nothing begins after a failure in this job; it would have to go on, with"
                        + " JobFailOnInstanceFail = false");
              }
            });
  }

  private void checkPerInstance(TaskName name, Set<TaskName> perInstance) {
    FieldPath path = FieldPath.task(name.value()).field("windlass").field("perInstance");
    int position = 0;
    for (TaskName before : perInstance) {
      checkPerInstance(name, before, path.element(position++));
    }
  }

  private void checkPerInstance(TaskName name, TaskName before, FieldPath path) {
    TaskDescription task = Objects.requireNonNull(job.tasks().get(name), "task");
    TaskDescription other = job.tasks().get(before);
    if (!job.dependencies().getOrDefault(before, Set.of()).contains(name)) {
      faults.add(
          ErrorCode.REFERENCE,
          path,
          before.value(),
          "waits for the instances of a task before this one; DAG.Dependencies has no "
              + before
              + " -> "
              + name);
    } else if (other != null && other.instanceCount() != task.instanceCount()) {
      faults.add(
          ErrorCode.CONFLICT,
          path,
          before.value(),
          "two tasks of which one waits for the other by instance have as many instances; "
              + before
              + " has "
              + other.instanceCount()
              + ", "
              + name
              + " has "
              + task.instanceCount());
    } else if (task.conditions().containsKey(before)) {
      faults.add(
          ErrorCode.CONFLICT,
          path,
          before.value(),
          "an instance runs if the one before it has finished; there is no other condition, and"
              + " windlass.after names "
              + before
              + " too");
    }
  }

  private void checkFinalTask(TaskName name) {
    if (!isKnown(name, FieldPath.ROOT.field("windlass").field("finalTask"))) {
      return;
    }
    String rule = "the final task begins when all others have ended, and has no dependencies";
    if (job.dependencies().containsKey(name)) {
      faults.add(ErrorCode.CONFLICT, PATH.field(name.value()), name.value(), rule);
    }
    job.dependencies()
        .forEach(
            (before, followers) -> {
              int position = List.copyOf(followers).indexOf(name);
              if (position >= 0) {
                FieldPath element = PATH.field(before.value()).element(position);
                faults.add(ErrorCode.CONFLICT, element, name.value(), rule);
              }
            });
  }

  private boolean isKnown(TaskName name, FieldPath path) {
    if (job.tasks().containsKey(name)) {
      return true;
    }
    if (!faults.isFull()) {
      String hint = faults.hint(name.value(), names);
      faults.add(ErrorCode.REFERENCE, path, name.value(), "the job has no such task" + hint);
    }
    return false;
  }

  /** Of all cycles through the part's first task in the order of the description a shortest one. */
  private List<TaskName> shortestCycle(Set<TaskName> part) {
    TaskName start = job.tasks().keySet().stream().filter(part::contains).findFirst().orElseThrow();
    Map<TaskName, TaskName> cameFrom = new HashMap<>();
    Set<TaskName> seen = new HashSet<>();
    Deque<TaskName> queue = new ArrayDeque<>(List.of(start));
    while (!queue.isEmpty()) {
      TaskName task = queue.remove();
      for (TaskName after : Graphs.successorListOf(graph, task)) {
        if (after.equals(start)) {
          return trace(start, task, cameFrom);
        }
        if (part.contains(after) && seen.add(after)) {
          cameFrom.put(after, task);
          queue.add(after);
        }
      }
    }
    throw new AssertionError("no cycle in the strongly connected " + part);
  }

  private static List<TaskName> trace(
      TaskName start, TaskName last, Map<TaskName, TaskName> cameFrom) {
    Deque<TaskName> cycle = new ArrayDeque<>();
    TaskName task = last;
    while (task != null && !task.equals(start)) {
      cycle.addFirst(task);
      task = cameFrom.get(task);
    }
    cycle.addFirst(start);
    return new ArrayList<>(cycle);
  }

  private void addCycle(List<TaskName> cycle) {
    TaskName start = cycle.get(0);
    String shown =
        cycle.stream().limit(SHOWN).map(TaskName::value).collect(Collectors.joining(" -> "));
    int left = cycle.size() - SHOWN;
    faults.add(
        ErrorCode.CYCLE,
        PATH.field(start.value()),
        "",
        "tasks do not wait for each other, as in "
            + shown
            + (left > 0 ? " -> (" + left + " more)" : "")
            + " -> "
            + start);
  }
}
