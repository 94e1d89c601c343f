package dev.windlass.cli;

import dev.windlass.Engine;
import dev.windlass.job.JobId;
import dev.windlass.why.InstanceExplanation;
import dev.windlass.why.JobExplanation;
import dev.windlass.why.TaskExplanation;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "why",
    description = {
      "Tells why a job, a task or an instance does not run, and for a task or an instance the",
      "smallest changes that would let it begin.",
      "Looks only, and may do so while another process runs the jobs. What it tells is as of the",
      "last durable moment: what is only in the memory of that process, as which node is kept for",
      "which task, it does not know."
    })
final class WhyCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "ID", description = "The job, or how its id begins.")
  private String id = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "TASK", description = "One of its tasks.")
  private @Nullable String task;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "INDEX",
      description = "An instance of the task, from 0.")
  private @Nullable Integer index;

  @Mixin private Home home = new Home();
  @Mixin private Executors executors = new Executors();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    try (Session session = home.openToExplain(executors)) {
      Engine engine = session.engine();
      JobId job = JobFinder.find(engine, id);
      Reasons reasons = new Reasons(System.out);
      if (task == null) {
        JobExplanation told = engine.why(job);
        output.print(() -> WhyJson.of(told), () -> reasons.tell(told));
      } else if (index == null) {
        TaskExplanation told = engine.why(job, Names.task(task));
        output.print(() -> WhyJson.of(told), () -> reasons.tell(told));
      } else {
        InstanceExplanation told = engine.why(Names.instance(job, task, index));
        output.print(() -> WhyJson.of(told), () -> reasons.tell(told));
      }
      if (!output.isJson()) {
        System.out.println();
        System.out.println("As of the last durable moment.");
      }
    }
    return ExitCode.OK;
  }
}
