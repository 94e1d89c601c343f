package dev.windlass.cli;

import dev.windlass.JobOperation;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "restart",
    description = {
      "Runs jobs that have ended again: what did not finish, or a part.",
      "Jobs in this home that are not over go on meanwhile."
    })
final class RestartCommand implements Callable<Integer> {

  @Option(
      names = "--failed",
      description = "Also failures that were tolerated; also of jobs that have finished.")
  private boolean failed;

  @Option(
      names = "--from",
      paramLabel = "TASK",
      description = "Also this task and all after it, whatever came of them before.")
  private @Nullable String from;

  @Mixin private Management management = new Management();
  @Mixin private Home home = new Home();
  @Mixin private Executors executors = new Executors();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    try (Session session = home.openToResume(executors)) {
      return management.apply(session, operation(), output);
    }
  }

  private JobOperation operation() {
    if (failed && from != null) {
      throw new UsageException("--failed and --from exclude each other");
    }
    if (from != null) {
      return new JobOperation.RestartFrom(Names.task(from));
    }
    return failed ? new JobOperation.RestartFailed() : new JobOperation.Restart();
  }
}
