package dev.windlass.cli;

import dev.windlass.Engine;
import dev.windlass.cluster.InstanceTypes;

/**
 * An engine opened for one command.
 *
 * @param engine the engine
 * @param stores the stores it was given
 * @param types what instance types mean to it
 */
record Session(Engine engine, Stores stores, InstanceTypes types) implements AutoCloseable {
  @Override
  public void close() {
    engine.close();
  }
}
