package dev.windlass.executor.docker;

import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/** Skips properties, aloud, where there can be no Docker engine; Jupiter has its own way. */
final class DockerRequired implements SkipExecutionHook {

  /** Made by jqwik. */
  DockerRequired() {}

  @Override
  public SkipResult shouldBeSkipped(LifecycleContext context) {
    return TestDaemon.missing()
        .map(why -> SkipResult.skip("no Docker engine can be started: " + why))
        .orElseGet(SkipResult::doNotSkip);
  }
}
