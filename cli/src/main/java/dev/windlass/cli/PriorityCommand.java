package dev.windlass.cli;

import dev.windlass.JobOperation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "priority",
    description = {
      "Changes how urgent jobs are, among those that wait.",
      "Jobs in this home that are not over go on meanwhile."
    })
final class PriorityCommand implements Callable<Integer> {

  @Option(
      names = "--to",
      required = true,
      paramLabel = "PRIORITY",
      description = "0 to 1000; larger is more urgent.")
  private int priority;

  @Mixin private Management management = new Management();
  @Mixin private Home home = new Home();
  @Mixin private Executors executors = new Executors();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    try (Session session = home.openToResume(executors)) {
      return management.apply(
          session, new JobOperation.SetPriority(Limits.priority(priority)), output);
    }
  }
}
