package dev.windlass.testkit.crash;

import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.Mapping;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StoreUri;
import java.nio.file.Path;

/**
 * A job of 60 instances in four levels whose programs keep a ledger themselves: each writes a line
 * when it begins and when it ends, and takes a directory of its instance meanwhile, so that two at
 * once would be noticed. One of them fails, so that an exit code can be lost.
 *
 * <p>The ledger is a folder of the store that the programs share: mounted where the executor can
 * show it at an absolute path, and otherwise named by its path on this host.
 */
final class LedgerJob {
  static final String SCHEME = "crash";
  static final int[] LEVELS = {25, 20, 14, 1};
  static final int INSTANCES = 60;

  /** The instance that exits with 3. */
  static final String FAILING = "level1.7";

  private static final StoreUri LEDGER = StoreUri.parse(SCHEME + "://ledger/");
  private static final String MOUNTED = "/windlass-ledger/";

  /** POSIX, but for the fraction of a second; a host that does not know it sleeps for a whole. */
  private static final String PROGRAM =
      """
      key=$BATCH_COMPUTE_DAG_TASK_ID.$BATCH_COMPUTE_DAG_INSTANCE_ID
      mkdir "$LEDGER/running.$key" || echo "double $key" >>"$LEDGER/ledger"
      echo "start $key" >>"$LEDGER/ledger"
      sleep 0.0$((BATCH_COMPUTE_DAG_INSTANCE_ID % 9 + 1)) || sleep 1
      echo "said by $key"
      cat in/* 2>/dev/null | cksum >"out/$key"
      echo "end $key" >>"$LEDGER/ledger"
      rmdir "$LEDGER/running.$key"
      if [ "$key" = "$FAILING" ]; then exit 3; fi
      """;

  private LedgerJob() {}

  /** The job, for an executor of this host. */
  static JobDescription description(HostPlugins plugins, Executor executor, Storage storage) {
    boolean mounts = executor.info().can(Capability.ABSOLUTE_PATHS);
    String ledger = mounts ? MOUNTED : ledger(storage).toString();
    JobDescription.Builder job = JobDescription.builder("ledger").failOnInstanceFail(false);
    for (int level = 0; level < LEVELS.length; level++) {
      TaskDescription.Builder task =
          TaskDescription.builder(Command.shell(PROGRAM))
              .instances(LEVELS[level])
              .retry(RetryPolicy.NONE)
              .environment("LEDGER", ledger)
              .environment("FAILING", FAILING)
              .output("out/", outputs(level).toString())
              .logs(SCHEME + "://logs/", SCHEME + "://logs/");
      if (mounts) {
        task.mapping(new Mapping(Mapping.Direction.MOUNT, LEDGER.toString(), MOUNTED));
      }
      if (level > 0) {
        task.input(outputs(level - 1).toString(), "in/");
        job.dependency(name(level - 1), name(level));
      }
      plugins.prepare(task);
      job.task(name(level), task.build());
    }
    return job.build();
  }

  static StoreUri outputs(int level) {
    return StoreUri.parse(SCHEME + "://outputs/" + name(level) + "/");
  }

  /** Where the ledger lies on this host. */
  static Path ledger(Storage storage) {
    return storage
        .localPath(LEDGER)
        .orElseThrow(
            () -> new AssertionError("the storage offers no local path for the ledger, " + LEDGER));
  }

  private static String name(int level) {
    return "level" + level;
  }
}
