package dev.windlass.testkit.executor;

import dev.windlass.executor.Executor;

class SimpleProcessExecutorContractTest extends ProgramExecutorContract {

  @Override
  protected Executor create() {
    return new SimpleProcessExecutor();
  }
}
