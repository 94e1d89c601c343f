package dev.windlass.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** The options that say what standard output gets. */
final class Output {

  @Option(
      names = "--json",
      description = "Print one JSON object on standard output, also for an error.")
  private boolean json;

  boolean isJson() {
    return json;
  }

  /** Prints for machines or for people, as asked. */
  void print(Supplier<ObjectNode> forMachines, Runnable forPeople) {
    if (json) {
      Json.print(System.out, forMachines.get());
    } else {
      forPeople.run();
    }
  }

  Report report() {
    return new Report(System.out);
  }
}
