package dev.windlass.executor.local;

import dev.windlass.executor.Executor;
import dev.windlass.testkit.executor.ProgramExecutorContract;

/** The contract, as on a host that offers neither control groups nor namespaces. */
class UnprivilegedContractTest extends ProgramExecutorContract {
  @Override
  protected Executor create() {
    return LocalExecutor.create(Bench.UNPRIVILEGED);
  }

  @Override
  protected boolean knowsSignals() {
    return true;
  }
}
