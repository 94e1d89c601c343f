package dev.windlass.cli;

import dev.windlass.Engine;

/**
 * An engine opened for one command.
 *
 * @param engine the engine
 * @param stores the stores it was given
 */
record Session(Engine engine, Stores stores) implements AutoCloseable {
  @Override
  public void close() {
    engine.close();
  }
}
