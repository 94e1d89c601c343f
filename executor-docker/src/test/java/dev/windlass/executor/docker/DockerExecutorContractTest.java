package dev.windlass.executor.docker;

import dev.windlass.executor.Executor;
import dev.windlass.job.ContainerImage;
import dev.windlass.testkit.executor.ProgramExecutorContract;
import java.util.Optional;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Containers keep the whole contract of executors. */
@AddLifecycleHook(DockerRequired.class)
@Tag("slow")
@net.jqwik.api.Tag("slow")
final class DockerExecutorContractTest extends ProgramExecutorContract {

  @BeforeAll
  static void requireDocker() {
    TestDaemon.require();
  }

  @Override
  protected Executor create() {
    return DockerExecutor.create(TestDaemon.shared().config().build());
  }

  @Override
  protected Optional<ContainerImage> image() {
    return Optional.of(new ContainerImage(TestDaemon.IMAGE, Optional.empty()));
  }

  @Override
  protected boolean loseNode(String node) {
    TestDaemon.shared().loseNode(node);
    return true;
  }

  /** A container takes a hundred times as long to start as a process. */
  @Override
  protected int breadth() {
    return 8;
  }
}
