package dev.windlass.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.windlass.ReservedCapacity;
import dev.windlass.job.InstanceId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "reserved",
    description = {
      "Lists what is kept of instances that failed, because their tasks have ReserveOnFail: the"
          + " capacity they booked, and all their files.",
      "Looks only, and may do so while another process runs the jobs."
    })
final class ReservedCommand implements Callable<Integer> {

  @Mixin private Home home = new Home();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() {
    try (Session session = home.openToRead()) {
      List<ReservedCapacity> all = session.engine().reserved();
      output.print(() -> json(all), () -> print(all));
    }
    return ExitCode.OK;
  }

  private static ObjectNode json(List<ReservedCapacity> all) {
    ObjectNode object = Json.object();
    ArrayNode reserved = object.putArray("reserved");
    all.forEach(kept -> reserved.add(Json.reserved(kept)));
    return object;
  }

  private static void print(List<ReservedCapacity> all) {
    if (all.isEmpty()) {
      System.out.println("nothing is reserved");
      return;
    }
    Table table = new Table("JOB", "INSTANCE", "SINCE", "CAPACITY", "DIRECTORY");
    for (ReservedCapacity kept : all) {
      InstanceId instance = kept.instance();
      table.row(
          instance.job(),
          instance.task() + "/" + instance.index(),
          Words.time(Optional.of(kept.since())),
          Words.resources(kept.resources()),
          kept.directory().map(Path::toString).orElse("-"));
    }
    table.lines().forEach(System.out::println);
  }
}
