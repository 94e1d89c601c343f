package dev.windlass.system;

import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.core.EngineBuilder;
import dev.windlass.executor.local.LocalExecutor;
import dev.windlass.job.JobId;
import dev.windlass.storage.directory.DirectoryStorage;
import java.nio.file.Path;
import java.util.List;

/**
 * A host program to be killed: opens an engine, submits the ledger job unless it is there, and
 * waits for its end.
 *
 * <p>Prints {@code open} when the engine is open, and {@code over <state>} at the end.
 */
final class LedgerHost {
  private LedgerHost() {}

  /** Arguments: the engine's directory, the store, the ledger. */
  public static void main(String[] args) throws Exception {
    try (Engine engine =
        EngineBuilder.at(Path.of(args[0]))
            .executor(LocalExecutor.create())
            .storage("oss", DirectoryStorage.at(Path.of(args[1])))
            .open()) {
      System.out.println("open");
      List<JobStatus> jobs = engine.jobs(JobQuery.all()).items();
      JobId job =
          jobs.isEmpty()
              ? engine.submit(LedgerJob.description(Path.of(args[2])))
              : jobs.get(0).id();
      JobStatus status = engine.await(job);
      System.out.println("over " + status.state() + " " + status.message());
    }
  }
}
