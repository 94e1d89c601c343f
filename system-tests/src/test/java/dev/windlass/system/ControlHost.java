package dev.windlass.system;

import dev.windlass.Engine;
import dev.windlass.JobStatus;
import dev.windlass.control.ControlSocket;
import java.nio.file.Path;

/**
 * A host that runs the {@link AdoptedJob} and lets others operate it. Prints {@code open}, and when
 * the job is over its state, message and priority as this host knows them.
 */
final class ControlHost {
  private ControlHost() {}

  /** Arguments: the engine's directory, the store, the ledger. */
  @SuppressWarnings("try") // the socket does its work by being open
  public static void main(String[] args) throws Exception {
    Trial trial = new Trial(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    try (Engine engine = trial.open();
        ControlSocket socket = ControlSocket.serve(engine, trial.engine())) {
      System.out.println("open");
      JobStatus over = engine.await(engine.submit(AdoptedJob.description(trial)));
      System.out.println(over.state() + " " + over.message() + " " + over.priority());
    }
  }
}
