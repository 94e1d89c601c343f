package dev.windlass.system;

import dev.windlass.Engine;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import java.nio.file.Path;

/**
 * A host that runs the {@link AdoptedJob} until it is killed. Asked to end by TERM or Ctrl-C it
 * closes its engine, as a host should.
 *
 * <p>Prints {@code open}, and {@code closed} once it has closed.
 */
final class AdoptedJobHost {
  private AdoptedJobHost() {}

  /** Arguments: the engine's directory, the store, the ledger. */
  public static void main(String[] args) throws Exception {
    Trial trial = new Trial(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]));
    Engine engine = trial.open();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  engine.close();
                  System.out.println("closed");
                }));
    System.out.println("open");
    try {
      engine.await(engine.submit(AdoptedJob.description(trial)));
    } catch (EngineException e) {
      if (e.code() != ErrorCode.ENGINE_CLOSED) {
        throw e;
      }
    }
  }
}
