package dev.windlass.cli;

import dev.windlass.job.JobDescription;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A job's graph in the languages of Graphviz and Mermaid. Names of jobs and tasks hold nothing that
 * either would have to escape.
 */
final class GraphText {

  private GraphText() {}

  static String dot(JobDescription job) {
    StringBuilder text = new StringBuilder();
    text.append("digraph \"").append(job.name()).append("\" {\n");
    text.append("  rankdir=LR;\n  node [shape=box];\n");
    job.tasks()
        .forEach(
            (name, task) ->
                text.append("  \"%s\" [label=\"%s\"];\n".formatted(name, label(name, task))));
    job.dependencies()
        .forEach(
            (from, successors) ->
                successors.forEach(to -> text.append("  \"%s\" -> \"%s\";\n".formatted(from, to))));
    return text.append("}\n").toString();
  }

  /** Nodes are numbered, since some task names ({@code end}) are words of Mermaid. */
  static String mermaid(JobDescription job) {
    StringBuilder text = new StringBuilder("flowchart LR\n");
    Map<TaskName, String> nodes = new LinkedHashMap<>();
    job.tasks()
        .forEach(
            (name, task) -> {
              String node = "t" + nodes.size();
              nodes.put(name, node);
              text.append("  %s[\"%s\"]\n".formatted(node, label(name, task)));
            });
    job.dependencies()
        .forEach(
            (from, successors) ->
                successors.forEach(
                    to ->
                        text.append(
                            "  %s --> %s\n"
                                .formatted(
                                    nodes.getOrDefault(from, from.value()),
                                    nodes.getOrDefault(to, to.value())))));
    return text.toString();
  }

  private static String label(TaskName name, TaskDescription task) {
    return task.instanceCount() == 1 ? name.value() : name + " x " + task.instanceCount();
  }
}
