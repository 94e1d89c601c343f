package dev.windlass.executor.docker;

import dev.windlass.job.JobId;
import dev.windlass.testkit.crash.HostCloseContract;
import dev.windlass.testkit.crash.HostPlugins;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** The ways to close an engine that runs containers, at random moments. */
final class DockerClosingTest extends HostCloseContract {
  private TestDaemon daemon;

  @BeforeEach
  void beginDaemon() {
    daemon = TestDaemon.shared();
  }

  @Override
  protected Class<? extends HostPlugins> plugins() {
    return Containers.class;
  }

  /** Few by default: a run of the job takes ten seconds. */
  @Override
  protected int closings() {
    return Integer.getInteger("windlass.tests.closings", 1);
  }

  @Override
  protected Duration longestLife() {
    return Duration.ofSeconds(3);
  }

  @Override
  protected List<String> leftRunning(JobId job) {
    return daemon.containers();
  }

  /** Containers of the daemon of this very JVM, in which the engine is too. */
  static final class Containers extends DockerCrashTest.Containers {
    @Override
    String host() {
      return TestDaemon.shared().host();
    }
  }
}
