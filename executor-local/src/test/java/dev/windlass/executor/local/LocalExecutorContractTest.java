package dev.windlass.executor.local;

import dev.windlass.executor.Executor;
import dev.windlass.testkit.executor.ProgramExecutorContract;

/** The contract, with all that this host offers. */
class LocalExecutorContractTest extends ProgramExecutorContract {
  @Override
  protected Executor create() {
    return LocalExecutor.create();
  }

  @Override
  protected boolean knowsSignals() {
    return true;
  }
}
