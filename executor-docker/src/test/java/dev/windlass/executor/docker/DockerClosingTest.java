package dev.windlass.executor.docker;

import dev.windlass.job.JobId;
import dev.windlass.testkit.crash.HostCloseContract;
import dev.windlass.testkit.crash.HostPlugins;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** The ways to close an engine that runs containers, at random moments. */
final class DockerClosingTest extends HostCloseContract {
  private TestDaemon daemon;

  @BeforeEach
  void announceDaemon() throws IOException {
    daemon = TestDaemon.shared();
    DockerCrashTest.announce(daemon);
  }

  @Override
  protected Class<? extends HostPlugins> plugins() {
    return DockerCrashTest.Containers.class;
  }

  /** Few by default: a run of the job takes ten seconds. */
  @Override
  protected int closings() {
    return Integer.getInteger("windlass.tests.closings", 2);
  }

  @Override
  protected Duration longestLife() {
    return Duration.ofSeconds(3);
  }

  @Override
  protected List<String> leftRunning(JobId job) {
    return daemon.containers();
  }
}
