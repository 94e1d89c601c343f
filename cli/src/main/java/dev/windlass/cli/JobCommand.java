package dev.windlass.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.Page;
import dev.windlass.job.JobId;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "job",
    description = {
      "Shows a job and its tasks, or the instances of one task.",
      "Looks only, and may do so while another process runs the jobs."
    })
final class JobCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "ID", description = "The job, or how its id begins.")
  private String id = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "TASK", description = "One of its tasks.")
  private @Nullable String task;

  @Option(
      names = "--state",
      description = "With TASK: only instances in this state: ${COMPLETION-CANDIDATES}.")
  private @Nullable State state;

  @Option(names = "--limit", description = "With TASK: at most so many, 1 to 1000 (default: 1000).")
  private int limit = 1_000;

  @Mixin private Home home = new Home();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    Limits.checked(limit);
    try (Session session = home.openToRead()) {
      JobId job = JobFinder.find(session.engine(), id);
      if (task == null) {
        show(new Snapshot(session.engine().job(job), session.engine().tasks(job)), session);
      } else {
        InstanceQuery query = InstanceQuery.all().limit(limit);
        TaskName name = Names.task(task);
        show(
            job,
            name,
            session.engine().instances(job, name, state == null ? query : query.inState(state)));
      }
    }
    return ExitCode.OK;
  }

  private void show(Snapshot job, Session session) {
    output.print(
        () -> Json.job(job.job(), job.tasks()),
        () -> {
          output.report().job(job);
          output.report().failures(job, session.engine());
        });
  }

  private void show(JobId job, TaskName name, Page<InstanceStatus> page) {
    output.print(
        () -> {
          ObjectNode object = Json.object().put("jobId", job.value()).put("task", name.value());
          ArrayNode instances = object.putArray("instances");
          page.items().forEach(instance -> instances.add(Json.instance(instance)));
          return object.put("more", page.next().isPresent());
        },
        () -> {
          output.report().instances(page.items());
          Limits.sayIfMore(page);
        });
  }
}
