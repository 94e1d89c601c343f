package dev.windlass.cli;

import dev.windlass.core.description.JobJson;
import dev.windlass.error.Fault;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "validate",
    description = {
      "Lists all faults of a description; exits with 1 if there are any.",
      "Needs no engine, so it cannot see what only an engine knows: clusters, executors, stores."
    })
final class ValidateCommand implements Callable<Integer> {

  @Parameters(paramLabel = "JOB.json", description = "The description, in the service's format.")
  private Path file = Path.of("");

  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    List<Fault> faults = faults(JobFile.text(file));
    output.print(
        () -> {
          var object = Json.object().put("valid", faults.isEmpty());
          object.set("faults", Json.faults(faults));
          return object;
        },
        () -> print(faults));
    return faults.isEmpty() ? ExitCode.OK : ExitCode.NOT_WELL;
  }

  private static List<Fault> faults(String text) {
    return JobJson.readAll(text).faults();
  }

  private void print(List<Fault> faults) {
    if (faults.isEmpty()) {
      System.out.println(file + ": no faults");
    }
    faults.forEach(System.out::println);
  }
}
