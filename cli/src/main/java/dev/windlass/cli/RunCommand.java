package dev.windlass.cli;

import dev.windlass.cluster.InstanceTypes;
import dev.windlass.core.description.JobJson;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Placement;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "run",
    description = {
      "Submits a job and waits until it is over.",
      "Ctrl-C stops it and waits until nothing of it runs any more. A second Ctrl-C within two"
          + " seconds leaves instead: running programs go on, and 'windlass resume' takes them up."
          + " SIGTERM counts as Ctrl-C.",
      "Jobs in this home that are not over go on meanwhile."
    })
final class RunCommand implements Callable<Integer> {

  @Parameters(paramLabel = "JOB.json", description = "The description, in the service's format.")
  private Path file = Path.of("");

  @Mixin private Home home = new Home();
  @Mixin private Executors executors = new Executors();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws InterruptedException {
    JobDescription description = JobJson.readAll(JobFile.text(file)).orThrow();
    Interrupts interrupts = Interrupts.install();
    try (Session session = home.openToRun(file, executors)) {
      Progress progress = Progress.on(System.err, output.isJson());
      Foreground.Ending ending;
      Snapshot last;
      try (Foreground foreground =
          new Foreground(session.engine(), interrupts, progress, executors.fetches())) {
        JobId job = session.engine().submit(description);
        if (!output.isJson()) {
          progress.say("submitted " + job);
          cutTypes(description, session.types()).ifPresent(progress::say);
        }
        foreground.add(job, description);
        ending = foreground.await();
        last = foreground.snapshots().get(0);
      }
      print(session, description, last);
      if (ending == Foreground.Ending.LEFT) {
        return ExitCode.LEFT;
      }
      tellOfOthers(session);
      session.endWhatIsOver();
      return last.job().state() == State.FINISHED ? ExitCode.OK : ExitCode.NOT_WELL;
    }
  }

  /** What the types of a job have less of here than in the service; empty if nothing. */
  private static Optional<String> cutTypes(JobDescription job, InstanceTypes types) {
    String cut =
        job.tasks().values().stream()
            .filter(task -> task.resources().isEmpty())
            .flatMap(task -> instanceType(task).stream())
            .distinct()
            .filter(type -> !types.find(type).equals(InstanceTypes.builtIn().find(type)))
            .map(type -> type + " is " + Words.resources(types.find(type).orElseThrow()))
            .collect(Collectors.joining(", "));
    return cut.isEmpty()
        ? Optional.empty()
        : Optional.of("cut down to this host: " + cut + " (--exact-types refuses instead)");
  }

  private static Optional<String> instanceType(TaskDescription task) {
    return task.placement() instanceof Placement.AutoCluster auto
        ? Optional.of(auto.instanceType())
        : Optional.empty();
  }

  private void print(Session session, JobDescription description, Snapshot last) {
    output.print(
        () -> Json.job(last.job(), last.tasks()),
        () -> {
          Report report = output.report();
          report.job(last);
          report.failures(last, session.engine());
          report.outputs(last, description, session.stores());
        });
  }

  private static void tellOfOthers(Session session) {
    int others = JobFinder.notOver(session.engine()).size();
    if (others > 0) {
      System.err.println(
          "windlass: "
              + Words.count(others, "other job")
              + " not over yet; 'windlass resume' waits for them");
    }
  }
}
