package dev.windlass.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.Page;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "jobs",
    description = {
      "Lists jobs, newest first.",
      "Looks only, and may do so while another process runs the jobs."
    })
final class JobsCommand implements Callable<Integer> {

  @Option(names = "--limit", description = "At most so many, 1 to 1000 (default: 50).")
  private int limit = 50;

  @Mixin private Filter filter = new Filter();
  @Mixin private Home home = new Home();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    JobQuery query = filter.query().limit(Limits.checked(limit));
    try (Session session = home.openToRead()) {
      Page<JobStatus> page = session.engine().jobs(query);
      output.print(() -> json(page), () -> print(page));
    }
    return ExitCode.OK;
  }

  private static ObjectNode json(Page<JobStatus> page) {
    ObjectNode object = Json.object();
    ArrayNode jobs = object.putArray("jobs");
    page.items().forEach(job -> jobs.add(Json.job(job)));
    return object.put("more", page.next().isPresent());
  }

  private void print(Page<JobStatus> page) {
    output.report().jobs(page.items());
    Limits.sayIfMore(page);
  }
}
