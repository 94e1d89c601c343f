package dev.windlass.cli;

import dev.windlass.Engine;
import dev.windlass.ReservedCapacity;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "release",
    description = {
      "Gives back what is kept of a job's instances that failed, or of one of them; see 'windlass"
          + " reserved'.",
      Home.WHERE_IT_IS_DONE
    })
final class ReleaseCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "ID", description = "The job, or how its id begins.")
  private String id = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "TASK", description = "One of its tasks.")
  private @Nullable String task;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "INDEX",
      description = "With TASK: one of its instances, from 0.")
  private @Nullable Integer index;

  @Mixin private Home home = new Home();
  @Mixin private Executors executors = new Executors();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    try (Session session = home.openToOperate(executors)) {
      Engine engine = session.engine();
      JobId job = JobFinder.find(engine, id);
      List<ReservedCapacity> before = engine.reserved();
      if (task == null) {
        session.control().releaseAll(job);
      } else if (index != null) {
        session.control().release(Names.instance(job, task, index));
      } else {
        before.stream()
            .map(ReservedCapacity::instance)
            .filter(instance -> isOfTask(instance, job, task))
            .forEach(session.control()::release);
      }
      int released = before.size() - engine.reserved().size();
      output.print(
          () -> Json.object().put("released", released),
          () -> System.out.println("released " + Words.count(released, "instance")));
    }
    return ExitCode.OK;
  }

  private static boolean isOfTask(InstanceId instance, JobId job, String task) {
    return instance.job().equals(job) && instance.task().equals(Names.task(task));
  }
}
