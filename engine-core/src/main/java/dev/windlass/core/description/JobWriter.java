package dev.windlass.core.description;

import dev.windlass.core.description.JsonValue.ArrayValue;
import dev.windlass.core.description.JsonValue.ObjectValue;
import dev.windlass.core.description.JsonValue.StringValue;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobDescription;
import dev.windlass.job.TaskName;
import java.util.Map;
import java.util.Set;

/** From a description to the tree of a document. */
final class JobWriter {

  private JobWriter() {}

  static ObjectValue write(JobDescription job) {
    return new Members()
        .put("Name", job.name())
        .putIf(!job.description().isEmpty(), "Description", job.description())
        .put("Type", "DAG")
        .put("Priority", job.priority())
        .put("JobFailOnInstanceFail", job.onFailure() != FailurePolicy.GO_ON)
        .putIf(job.autoRelease(), "AutoRelease", true)
        .putAll(job.passThrough())
        .putUnlessEmpty("windlass", extension(job))
        .put(
            "DAG",
            new Members()
                .put("Dependencies", dependencies(job.dependencies()))
                .put("Tasks", tasks(job))
                .build())
        .build();
  }

  private static Members extension(JobDescription job) {
    Members extension = new Members();
    job.owner().ifPresent(owner -> extension.put("owner", owner));
    Members labels = new Members();
    job.labels().forEach(labels::put);
    extension.putUnlessEmpty("labels", labels);
    extension.putIf(job.weight() != 1, "weight", job.weight());
    job.maxRunning().ifPresent(most -> extension.put("maxRunning", most));
    extension.putIf(
        job.onFailure() == FailurePolicy.FINISH_RUNNING, "onFailure", JobReader.FINISH_RUNNING);
    job.finalTask().ifPresent(name -> extension.put("finalTask", name.value()));
    return extension;
  }

  private static ObjectValue dependencies(Map<TaskName, Set<TaskName>> dependencies) {
    Members members = new Members();
    dependencies.forEach(
        (before, followers) ->
            members.put(
                before.value(),
                new ArrayValue(
                    followers.stream()
                        .<JsonValue>map(after -> new StringValue(after.value()))
                        .toList())));
    return members.build();
  }

  private static ObjectValue tasks(JobDescription job) {
    Members members = new Members();
    job.tasks().forEach((name, task) -> members.put(name.value(), new TaskWriter(task).write()));
    return members.build();
  }
}
