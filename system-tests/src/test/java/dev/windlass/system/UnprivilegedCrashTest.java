package dev.windlass.system;

import dev.windlass.executor.Executor;
import dev.windlass.executor.local.LocalExecutor;
import dev.windlass.executor.local.LocalExecutorConfig;
import dev.windlass.storage.Storage;
import dev.windlass.storage.directory.DirectoryStorage;
import dev.windlass.testkit.crash.HostCrashContract;
import dev.windlass.testkit.crash.HostPlugins;
import java.nio.file.Path;

/** The same as on a host that offers neither control groups nor namespaces. */
final class UnprivilegedCrashTest extends HostCrashContract {

  @Override
  protected Class<? extends HostPlugins> plugins() {
    return BarePlugins.class;
  }

  /** A tenth of what the other test does: what differs is how programs are ended. */
  @Override
  protected int kills() {
    return Math.max(1, super.kills() / 10);
  }

  /** Local processes of an ordinary user, and a directory as store. */
  static final class BarePlugins implements HostPlugins {
    @Override
    public Executor executor() {
      return LocalExecutor.create(
          LocalExecutorConfig.builder()
              .controlGroups(LocalExecutorConfig.Use.NEVER)
              .namespaces(LocalExecutorConfig.Use.NEVER)
              .build());
    }

    @Override
    public Storage storage(Path directory) {
      return DirectoryStorage.at(directory);
    }
  }
}
