package dev.windlass.cli;

import dev.windlass.JobOperation;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A command that does one thing to jobs, in whichever process has their engine open. */
abstract class OperationCommand implements Callable<Integer> {

  @Mixin private Management management = new Management();
  @Mixin private Home home = new Home();
  @Mixin private Executors executors = new Executors();
  @Mixin private Output output = new Output();

  /** What is done to the jobs. */
  abstract JobOperation operation();

  @Override
  public final Integer call() {
    JobOperation operation = operation();
    management.check();
    try (Session session = home.openToOperate(executors)) {
      return management.apply(session, operation, output);
    }
  }

  @Command(
      name = "stop",
      description = {"Stops jobs that wait or run.", Home.WHERE_IT_IS_DONE})
  static final class Stop extends OperationCommand {
    @Override
    JobOperation operation() {
      return new JobOperation.Stop();
    }
  }

  @Command(
      name = "pause",
      description = {
        "Lets nothing of jobs begin until they are resumed; what runs goes on.",
        "'windlass resume ID' takes it back.",
        Home.WHERE_IT_IS_DONE
      })
  static final class Pause extends OperationCommand {
    @Override
    JobOperation operation() {
      return new JobOperation.Pause();
    }
  }

  @Command(
      name = "restart",
      aliases = "start",
      description = {
        "Runs jobs that have ended again: what did not finish, or a part.",
        Home.WHERE_IT_IS_DONE
      })
  static final class Restart extends OperationCommand {
    @Option(
        names = "--failed",
        description = "Also failures that were tolerated; also of jobs that have finished.")
    private boolean failed;

    @Option(
        names = "--from",
        paramLabel = "TASK",
        description = "Also this task and all after it, whatever came of them before.")
    private @Nullable String from;

    @Override
    JobOperation operation() {
      if (failed && from != null) {
        throw new UsageException("--failed and --from exclude each other");
      }
      if (from != null) {
        return new JobOperation.RestartFrom(Names.task(from));
      }
      return failed ? new JobOperation.RestartFailed() : new JobOperation.Restart();
    }
  }

  @Command(
      name = "priority",
      description = {"Changes how urgent jobs are, among those that wait.", Home.WHERE_IT_IS_DONE})
  static final class Priority extends OperationCommand {
    @Option(
        names = "--to",
        required = true,
        paramLabel = "PRIORITY",
        description = "0 to 1000; larger is more urgent.")
    private int priority;

    @Override
    JobOperation operation() {
      return new JobOperation.SetPriority(Limits.priority(priority));
    }
  }

  @Command(
      name = "delete",
      description = {
        "Deletes jobs that have ended, with all that is kept of them; what they published stays.",
        Home.WHERE_IT_IS_DONE
      })
  static final class Delete extends OperationCommand {
    @Override
    JobOperation operation() {
      return new JobOperation.Delete();
    }
  }
}
