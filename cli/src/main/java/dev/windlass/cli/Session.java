package dev.windlass.cli;

import dev.windlass.Closing;
import dev.windlass.Engine;
import dev.windlass.cluster.InstanceTypes;
import dev.windlass.control.ControlSocket;
import dev.windlass.control.EngineControl;
import java.util.Optional;

/**
 * An engine for one command.
 *
 * @param engine answers questions; opened by this command, to run it or to look at it beside the
 *     process that does
 * @param control carries operations out, in this process or in that one
 * @param socket by which other processes operate the engine, if this one runs it
 * @param stores the stores it was given
 * @param types what instance types mean to it
 */
record Session(
    Engine engine,
    EngineControl control,
    Optional<ControlSocket> socket,
    Stores stores,
    InstanceTypes types)
    implements AutoCloseable {

  /** An engine that is looked at only, which refuses whatever would change something. */
  static Session toLook(Engine engine, Stores stores, InstanceTypes types) {
    return new Session(engine, EngineControl.of(engine), Optional.empty(), stores, types);
  }

  /**
   * Ends what still runs when all jobs are over: only what was deleted while its programs were
   * being ended, which nobody would think of resuming. While jobs are open they go on, and so does
   * that, until the next engine here sees to it.
   */
  void endWhatIsOver() {
    if (JobFinder.notOver(engine).isEmpty()) {
      engine.shutDown(Closing.kill());
    }
  }

  @Override
  public void close() {
    socket.ifPresent(ControlSocket::close);
    control.close();
    engine.close();
  }
}
