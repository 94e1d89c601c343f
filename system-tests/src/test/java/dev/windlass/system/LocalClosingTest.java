package dev.windlass.system;

import dev.windlass.testkit.crash.HostCloseContract;
import dev.windlass.testkit.crash.HostPlugins;

/** The ways to close an engine that runs local processes, at random moments. */
final class LocalClosingTest extends HostCloseContract {

  @Override
  protected Class<? extends HostPlugins> plugins() {
    return CrashTest.LocalPlugins.class;
  }
}
