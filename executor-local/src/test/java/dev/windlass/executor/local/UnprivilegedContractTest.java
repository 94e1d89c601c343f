package dev.windlass.executor.local;

import dev.windlass.executor.Executor;
import dev.windlass.testkit.executor.ProgramExecutorContract;
import org.junit.jupiter.api.Tag;

/** The contract, as on a host that offers neither control groups nor namespaces. */
@Tag("slow")
@net.jqwik.api.Tag("slow")
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
