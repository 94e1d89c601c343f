package dev.windlass.executor.docker;

import dev.windlass.executor.Executor;
import dev.windlass.job.ContainerImage;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.Storage;
import dev.windlass.storage.directory.DirectoryStorage;
import dev.windlass.testkit.crash.HostCrashContract;
import dev.windlass.testkit.crash.HostPlugins;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/**
 * A host that is killed at any moment finds its containers again, starts none twice and leaves
 * none.
 */
final class DockerCrashTest extends HostCrashContract {

  /** By which the hosts, JVMs of their own in the same directory, find the daemon. */
  private static final Path ADDRESS = Path.of("target", "docker-crash-test-host");

  private TestDaemon daemon;

  @BeforeEach
  void announceDaemon() throws IOException {
    daemon = TestDaemon.shared();
    Files.writeString(ADDRESS, daemon.host());
  }

  @Override
  protected Class<? extends HostPlugins> plugins() {
    return Containers.class;
  }

  /** Few by default: a run of the job takes half a minute. */
  @Override
  protected int kills() {
    return Integer.getInteger("windlass.tests.kills", 2);
  }

  @Override
  protected Duration longestLife() {
    return Duration.ofSeconds(8);
  }

  @Override
  protected List<String> leftRunning(JobId job) {
    return daemon.containers();
  }

  /** Containers of the test's daemon, and a directory as store. */
  static class Containers implements HostPlugins {
    @Override
    public Executor executor() {
      try {
        return DockerExecutor.create(DockerExecutorConfig.builder().host(host()).build());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Where the daemon listens. */
    String host() throws IOException {
      return Files.readString(ADDRESS);
    }

    @Override
    public Storage storage(Path directory) {
      return DirectoryStorage.at(directory);
    }

    @Override
    public void prepare(TaskDescription.Builder task) {
      task.image(new ContainerImage(TestDaemon.IMAGE, Optional.empty()));
    }
  }
}
