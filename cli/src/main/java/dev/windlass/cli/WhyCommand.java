package dev.windlass.cli;

import dev.windlass.Engine;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import dev.windlass.why.InstanceExplanation;
import dev.windlass.why.JobExplanation;
import dev.windlass.why.TaskExplanation;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Mixin private Subject subject = new Subject();

  @Mixin private Home home = new Home();
  @Mixin private Executors executors = new Executors();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    try (Session session = home.openToExplain(executors)) {
      Engine engine = session.engine();
      JobId job = subject.job(engine);
      Optional<TaskName> task = subject.task();
      Optional<InstanceId> instance = subject.instance(job);
      Reasons reasons = new Reasons(System.out);
      if (instance.isPresent()) {
        InstanceExplanation told = engine.why(instance.get());
        output.print(() -> WhyJson.of(told), () -> reasons.tell(told));
      } else if (task.isPresent()) {
        TaskExplanation told = engine.why(job, task.get());
        output.print(() -> WhyJson.of(told), () -> reasons.tell(told));
      } else {
        JobExplanation told = engine.why(job);
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
