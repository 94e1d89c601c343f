package dev.windlass.cli;

import dev.windlass.JobOperation;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "delete",
    description = {
      "Deletes jobs that have ended, with all that is kept of them; what they published stays.",
      "Jobs in this home that are not over go on meanwhile."
    })
final class DeleteCommand implements Callable<Integer> {

  @Mixin private Management management = new Management();
  @Mixin private Home home = new Home();
  @Mixin private Executors executors = new Executors();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    try (Session session = home.openToResume(executors)) {
      return management.apply(session, new JobOperation.Delete(), output);
    }
  }
}
