package dev.windlass.testkit.crash;

import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.core.EngineBuilder;
import dev.windlass.executor.Executor;
import dev.windlass.job.JobId;
import dev.windlass.storage.Storage;
import java.nio.file.Path;
import java.util.List;

/**
 * The host program that is killed: opens an engine, submits the ledger job unless it is there, and
 * waits for its end.
 *
 * <p>Prints {@code open} when the engine is open, and {@code over <state>} at the end.
 */
final class LedgerHost {
  private LedgerHost() {}

  /** Arguments: the class of the plug-ins, the engine's directory, the storage's directory. */
  public static void main(String[] args) throws Exception {
    HostPlugins plugins = make(Class.forName(args[0]).asSubclass(HostPlugins.class));
    Executor executor = plugins.executor();
    Storage storage = plugins.storage(Path.of(args[2]));
    try (Engine engine =
        EngineBuilder.at(Path.of(args[1]))
            .executor(executor)
            .storage(LedgerJob.SCHEME, storage)
            .open()) {
      System.out.println("open");
      List<JobStatus> jobs = engine.jobs(JobQuery.all()).items();
      JobId job =
          jobs.isEmpty()
              ? engine.submit(LedgerJob.BRIEF.description(plugins, executor, storage))
              : jobs.get(0).id();
      JobStatus status = engine.await(job);
      System.out.println("over " + status.state() + " " + status.message());
    }
  }

  /** Also of a class that is not public; tests seldom are. */
  static HostPlugins make(Class<? extends HostPlugins> type) {
    try {
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          type.getName() + " needs a constructor without parameters", e);
    }
  }
}
