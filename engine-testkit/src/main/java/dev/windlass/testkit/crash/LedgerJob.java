package dev.windlass.testkit.crash;

import com.google.common.primitives.ImmutableIntArray;
import dev.windlass.executor.Capability;
import dev.windlass.executor.Executor;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.Mapping;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import dev.windlass.storage.Storage;
import dev.windlass.storage.StoreUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A job in levels whose programs keep a ledger themselves: each writes a line when it begins and
 * when it ends, and takes a directory of its instance meanwhile, so that two at once would be
 * noticed. One of them fails, so that an exit code can be lost. Every second one takes no notice of
 * being asked to end.
 *
 * <p>The ledger is a folder of the store that the programs share: mounted where the executor can
 * show it at an absolute path, and otherwise named by its path on this host.
 */
enum LedgerJob {
  /** 60 instances, each of which runs for some hundredths of a second. */
  BRIEF("level1.7", "", "0.0", 25, 20, 14, 1),

  /**
   * 9 instances, each of which runs for some tenths of a second; the first runs until it is let go.
   */
  HELD("level1.2", "level0.0", "0.", 5, 3, 1);

  static final String SCHEME = "crash";

  private static final StoreUri LEDGER = StoreUri.parse(SCHEME + "://ledger/");
  private static final String MOUNTED = "/windlass-ledger/";

  /** The file of the ledger for which the instance that is held waits. */
  private static final String GO = "go";

  /** POSIX, but for the fraction of a second; a host that does not know it sleeps for a whole. */
  private static final String PROGRAM =
      """
      if [ $((BATCH_COMPUTE_DAG_INSTANCE_ID % 2)) = 0 ]; then trap '' TERM; fi
      key=$BATCH_COMPUTE_DAG_TASK_ID.$BATCH_COMPUTE_DAG_INSTANCE_ID
      mkdir "$LEDGER/running.$key" || echo "double $key" >>"$LEDGER/ledger"
      echo "start $key" >>"$LEDGER/ledger"
      sleep $PAUSE$((BATCH_COMPUTE_DAG_INSTANCE_ID % 9 + 1)) || sleep 1
      if [ "$key" = "$HELD" ]; then
        while [ -d "$LEDGER" ] && [ ! -e "$LEDGER/go" ]; do sleep 0.05 || sleep 1; done
      fi
      echo "said by $key"
      cat in/* 2>/dev/null | cksum >"out/$key"
      echo "end $key" >>"$LEDGER/ledger"
      rmdir "$LEDGER/running.$key"
      if [ "$key" = "$FAILING" ]; then exit 3; fi
      """;

  private final String failing;
  private final String held;
  private final String pause;
  private final ImmutableIntArray levels;

  /**
   * A job.
   *
   * @param failing the instance that exits with 3
   * @param held the instance that runs until it is let go; empty if there is none
   * @param pause what stands before a digit in the seconds that programs sleep
   * @param levels how many instances each level has
   */
  LedgerJob(String failing, String held, String pause, int... levels) {
    this.failing = failing;
    this.held = held;
    this.pause = pause;
    this.levels = ImmutableIntArray.copyOf(levels);
  }

  /** The instance that exits with 3. */
  String failing() {
    return failing;
  }

  /** The instance that runs until it is let go; empty if there is none. */
  String held() {
    return held;
  }

  int levels() {
    return levels.length();
  }

  int instances() {
    return levels.stream().sum();
  }

  /** The instance that is held may end, now and in all lives of the host to come. */
  static void letGo(Storage storage) throws IOException {
    Files.write(ledger(storage).resolve(GO), new byte[0]);
  }

  /** The job, for an executor of this host. */
  JobDescription description(HostPlugins plugins, Executor executor, Storage storage) {
    boolean mounts = executor.info().can(Capability.ABSOLUTE_PATHS);
    String ledger = mounts ? MOUNTED : ledger(storage).toString();
    JobDescription.Builder job = JobDescription.builder("ledger").failOnInstanceFail(false);
    for (int level = 0; level < levels(); level++) {
      TaskDescription.Builder task =
          TaskDescription.builder(Command.shell(PROGRAM))
              .instances(levels.get(level))
              .retry(RetryPolicy.NONE)
              .environment("LEDGER", ledger)
              .environment("FAILING", failing)
              .environment("HELD", held)
              .environment("PAUSE", pause)
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
