package dev.windlass.testkit.machine;

import dev.windlass.executor.Executor;
import dev.windlass.testkit.executor.ExecutorContract;
import dev.windlass.testkit.executor.Script;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/** What the simulator takes for an executor keeps the contract of all executors. */
@Tag("slow")
@net.jqwik.api.Tag("slow")
class SimulatedExecutorContractTest extends ExecutorContract {
  private final MachineInRealTime machine = new MachineInRealTime();

  @Override
  protected Executor create() {
    return machine.newHost();
  }

  @Override
  protected List<String> command(Script script) {
    return Stream.concat(Stream.of("script", script.encode()), script.arguments().stream())
        .toList();
  }

  @Override
  protected boolean loseNode(String node) {
    machine.loseNode(node);
    return true;
  }
}
