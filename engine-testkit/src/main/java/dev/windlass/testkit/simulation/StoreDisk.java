package dev.windlass.testkit.simulation;

import dev.windlass.core.store.StateStore;
import dev.windlass.testkit.time.SimulatedPlatform;

/** Where the state store of a simulated engine lies. Outlives hosts. */
interface StoreDisk extends AutoCloseable {

  /**
   * Opens the store for a new life of the host; the one of the life before is not used again.
   *
   * @throws dev.windlass.error.EngineException if it cannot be opened at present
   */
  StateStore open(SimulatedPlatform life);

  /** The power is cut: what was not synced may be gone. */
  void powerCut();

  @Override
  void close();
}
