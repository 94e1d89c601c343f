package dev.windlass.testkit.executor;

import dev.windlass.executor.Executor;
import org.junit.jupiter.api.Tag;

@Tag("slow")
@net.jqwik.api.Tag("slow")
class SimpleProcessExecutorContractTest extends ProgramExecutorContract {

  @Override
  protected Executor create() {
    return new SimpleProcessExecutor();
  }
}
