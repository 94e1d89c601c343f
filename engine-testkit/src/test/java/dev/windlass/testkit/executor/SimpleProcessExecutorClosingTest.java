package dev.windlass.testkit.executor;

import dev.windlass.executor.Executor;
import dev.windlass.storage.Storage;
import dev.windlass.storage.directory.DirectoryStorage;
import dev.windlass.testkit.crash.HostCloseContract;
import dev.windlass.testkit.crash.HostPlugins;
import java.nio.file.Path;

/** The ways to close an engine whose executor does not survive its host, at random moments. */
final class SimpleProcessExecutorClosingTest extends HostCloseContract {

  @Override
  protected Class<? extends HostPlugins> plugins() {
    return Children.class;
  }

  /** Programs as children of this JVM, and a directory as store. */
  static final class Children implements HostPlugins {
    @Override
    public Executor executor() {
      return new SimpleProcessExecutor();
    }

    @Override
    public Storage storage(Path directory) {
      return DirectoryStorage.at(directory);
    }
  }
}
