package dev.windlass.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.core.description.JobJson;
import dev.windlass.job.JobDescription;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "graph",
    description = "Prints the tasks of a description and the order between them as a picture.")
final class GraphCommand implements Callable<Integer> {

  enum Format {
    dot,
    mermaid
  }

  @Parameters(paramLabel = "JOB.json", description = "The description, in the service's format.")
  private Path file = Path.of("");

  @Option(
      names = "--format",
      description = "${COMPLETION-CANDIDATES} (default: dot, for Graphviz).")
  private Format format = Format.dot;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JobDescription job = JobJson.read(JobFile.text(file));
    output.print(
        () -> json(job),
        () ->
            System.out.print(
                switch (format) {
                  case dot -> GraphText.dot(job);
                  case mermaid -> GraphText.mermaid(job);
                }));
    return ExitCode.OK;
  }

  private static ObjectNode json(JobDescription job) {
    ObjectNode object = Json.object().put("name", job.name());
    ArrayNode tasks = object.putArray("tasks");
    job.tasks()
        .forEach(
            (name, task) ->
                tasks.addObject().put("name", name.value()).put("instances", task.instanceCount()));
    ArrayNode edges = object.putArray("edges");
    job.dependencies()
        .forEach(
            (from, successors) ->
                successors.forEach(
                    to -> edges.addObject().put("from", from.value()).put("to", to.value())));
    return object;
  }
}
