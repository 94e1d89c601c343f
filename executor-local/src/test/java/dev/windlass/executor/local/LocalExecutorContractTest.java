package dev.windlass.executor.local;

import dev.windlass.executor.Executor;
import dev.windlass.testkit.executor.ProgramExecutorContract;
import org.junit.jupiter.api.Tag;

/** The contract, with all that this host offers. */
@Tag("slow")
@net.jqwik.api.Tag("slow")
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
