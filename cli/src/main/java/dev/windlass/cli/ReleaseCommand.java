package dev.windlass.cli;

import dev.windlass.Engine;
import dev.windlass.ReservedCapacity;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "release",
    description = {
      "Gives back what is kept of a job's instances that failed, or of one of them; see 'windlass"
          + " reserved'.",
      Home.WHERE_IT_IS_DONE
    })
final class ReleaseCommand implements Callable<Integer> {

  @Mixin private Subject subject = new Subject();

  @Mixin private Home home = new Home();
  @Mixin private Executors executors = new Executors();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    try (Session session = home.openToOperate(executors)) {
      Engine engine = session.engine();
      JobId job = subject.job(engine);
      Optional<TaskName> task = subject.task();
      Optional<InstanceId> instance = subject.instance(job);
      List<ReservedCapacity> before = engine.reserved();
      if (instance.isPresent()) {
        session.control().release(instance.get());
      } else if (task.isPresent()) {
        before.stream()
            .map(ReservedCapacity::instance)
            .filter(kept -> kept.job().equals(job) && kept.task().equals(task.get()))
            .forEach(session.control()::release);
      } else {
        session.control().releaseAll(job);
      }
      int released = before.size() - engine.reserved().size();
      output.print(
          () -> Json.object().put("released", released),
          () -> System.out.println("released " + Words.count(released, "instance")));
    }
    return ExitCode.OK;
  }
}
