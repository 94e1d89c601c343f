package dev.windlass.system;

import dev.windlass.Engine;
import dev.windlass.core.EngineBuilder;
import dev.windlass.executor.local.LocalExecutor;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobId;
import dev.windlass.job.TaskName;
import dev.windlass.storage.directory.DirectoryStorage;
import dev.windlass.testkit.crash.ChildJvm;
import dev.windlass.testkit.crash.HostProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The directories of one trial of a real engine: its own, a store, and one in which programs leave
 * traces.
 */
record Trial(Path engine, Path store, Path ledger) {

  static Trial in(Path parent) throws IOException {
    return new Trial(
        parent.resolve("engine"),
        Files.createDirectories(parent.resolve("store")),
        Files.createDirectories(parent.resolve("ledger")));
  }

  /** Opens an engine of this JVM. */
  Engine open() {
    return builder().open();
  }

  EngineBuilder builder() {
    return EngineBuilder.at(engine)
        .executor(LocalExecutor.create())
        .storage("oss", DirectoryStorage.at(store))
        .stopGrace(Duration.ofSeconds(1));
  }

  /**
   * Starts an engine in a JVM of its own, which runs a main class with the three directories as
   * arguments.
   */
  ChildJvm host(Class<?> main) throws IOException {
    return ChildJvm.start(main, engine, store, ledger);
  }

  /** The processes that were told in their environment where the ledger is. */
  List<String> alive() {
    return HostProcesses.withVariable("LEDGER", ledger.toString());
  }

  static InstanceId instance(JobId job, String task, int index) {
    return new InstanceId(job, new TaskName(task), index);
  }
}
