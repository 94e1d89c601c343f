package dev.windlass.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.JobOperation;
import dev.windlass.JobStatus;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.JobDescription;
import dev.windlass.job.State;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "resume",
    description = {
      "Takes up all jobs that are not over, after a crash or a second Ctrl-C, and waits for them.",
      "Programs that still run are taken over as they are; those that ended meanwhile count as they"
          + " ended. Ctrl-C works as in 'windlass run'.",
      "With jobs given it takes back their pause instead, and waits for nothing.",
      Home.WHERE_IT_IS_DONE
    })
final class ResumeCommand implements Callable<Integer> {

  @Mixin private Management management = new Management();
  @Mixin private Home home = new Home();
  @Mixin private Executors executors = new Executors();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws InterruptedException {
    if (!management.isEmpty()) {
      management.check();
      try (Session session = home.openToOperate(executors)) {
        return management.apply(session, new JobOperation.Resume(), output);
      }
    }
    Interrupts interrupts = Interrupts.install();
    try (Session session = home.openToResume(executors)) {
      Progress progress = Progress.on(System.err, output.isJson());
      Foreground.Ending ending;
      List<Snapshot> last;
      try (Foreground foreground =
          new Foreground(session.engine(), interrupts, progress, executors.fetches())) {
        for (JobStatus job : JobFinder.notOver(session.engine())) {
          description(session, job).ifPresent(described -> foreground.add(job.id(), described));
        }
        ending = foreground.await();
        last = foreground.snapshots();
      }
      print(session, last);
      if (ending == Foreground.Ending.LEFT) {
        return ExitCode.LEFT;
      }
      session.endWhatIsOver();
      boolean well = last.stream().allMatch(job -> job.job().state() == State.FINISHED);
      return well ? ExitCode.OK : ExitCode.NOT_WELL;
    }
  }

  /** Empty if the job has finished and released itself by now. */
  private static Optional<JobDescription> description(Session session, JobStatus job) {
    try {
      return Optional.of(session.engine().description(job.id()));
    } catch (EngineException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void print(Session session, List<Snapshot> last) {
    output.print(
        () -> {
          ObjectNode object = Json.object();
          ArrayNode jobs = object.putArray("jobs");
          last.forEach(job -> jobs.add(Json.job(job.job(), job.tasks())));
          return object;
        },
        () -> {
          Report report = output.report();
          if (last.isEmpty()) {
            System.out.println("nothing to resume: all jobs are over");
          } else if (last.size() == 1) {
            report.job(last.get(0));
            report.failures(last.get(0), session.engine());
          } else {
            report.jobs(last.stream().map(Snapshot::job).toList());
          }
        });
  }
}
