package dev.windlass.system;

import dev.windlass.executor.Executor;
import dev.windlass.executor.local.LocalExecutor;
import dev.windlass.storage.Storage;
import dev.windlass.storage.directory.DirectoryStorage;
import dev.windlass.testkit.crash.HostCrashContract;
import dev.windlass.testkit.crash.HostPlugins;
import java.nio.file.Path;

/** Promises 1 to 7 against {@code kill -9} of a host that runs local processes. */
final class CrashTest extends HostCrashContract {

  @Override
  protected Class<? extends HostPlugins> plugins() {
    return LocalPlugins.class;
  }

  @Override
  protected int kills() {
    return Integer.getInteger("windlass.tests.kills", 15);
  }

  /** Local processes, and a directory as store. */
  static final class LocalPlugins implements HostPlugins {
    @Override
    public Executor executor() {
      return LocalExecutor.create();
    }

    @Override
    public Storage storage(Path directory) {
      return DirectoryStorage.at(directory);
    }
  }
}
