package dev.windlass.system;

import dev.windlass.testkit.crash.HostCloseContract;
import dev.windlass.testkit.crash.HostPlugins;

/** The same as on a host that offers neither control groups nor namespaces. */
final class UnprivilegedClosingTest extends HostCloseContract {

  @Override
  protected Class<? extends HostPlugins> plugins() {
    return UnprivilegedCrashTest.BarePlugins.class;
  }

  /** A third of what the other test does: what differs is how programs are ended. */
  @Override
  protected int closings() {
    return Math.max(1, super.closings() / 3);
  }
}
