package dev.windlass.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An executor survives {@code kill -9} of its host: extend this, say what the host is made of, run.
 *
 * <pre>{@code
 * class MyExecutorCrashTest extends HostCrashContract {
 *   @Override
 *   protected Class<? extends HostPlugins> plugins() {
 *     return Plugins.class;
 *   }
 *
 *   static final class Plugins implements HostPlugins {
 *     @Override
 *     public Executor executor() {
 *       return new MyExecutor();
 *     }
 *
 *     @Override
 *     public Storage storage(Path directory) {
 *       return DirectoryStorage.at(directory);
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>A host process with a real engine and the real executor runs a job of 60 instances in four
 * levels. It is killed at random moments, the first time while a program runs, and started again,
 * until the job is over; then the job is run anew, until there were enough kills. The programs
 * write a ledger of their own, which no engine and no executor can embellish. After each kill: what
 * was recorded as ended still is, with the same outcome, and was not started again. After each job:
 *
 * <ul>
 *   <li>every instance was started exactly once, and no two of one instance ran at once;
 *   <li>all outcomes and all outputs equal those of an undisturbed run;
 *   <li>nothing is left running ({@link #leftRunning}), and no file of an attempt is left.
 * </ul>
 *
 * <p>Programs need a POSIX {@code sh} with {@code cat}, {@code cksum}, {@code mkdir}, {@code rmdir}
 * and {@code sleep}. Where the executor declares {@code ABSOLUTE_PATHS} the ledger is mounted;
 * otherwise programs must see this host's files.
 *
 * <p>{@code -Dwindlass.tests.kills=N} sets the number of kills, {@code -Dwindlass.tests.seed=N} the
 * seed of the moments, which is printed. The moments are random also for one seed, since no two
 * processes run alike; the seed only narrows them down.
 */
@Tag("slow")
@Timeout(1_800)
public abstract class HostCrashContract {
  private static final int DEFAULT_KILLS = 100;

  @TempDir Path directory;

  /** For subclasses. */
  protected HostCrashContract() {}

  /**
   * Says what the host is made of.
   *
   * @return a class that the host's JVM can make
   */
  protected abstract Class<? extends HostPlugins> plugins();

  /**
   * How often the host is killed, over as many runs of the job as that takes. The default is the
   * property {@code windlass.tests.kills}, or 100.
   *
   * @return at least 1
   */
  protected int kills() {
    return Integer.getInteger("windlass.tests.kills", DEFAULT_KILLS);
  }

  /**
   * How long a host lives at most before it is killed. It is killed at a moment up to then, counted
   * from its start or from when its engine is open. The default suits programs that start within a
   * few milliseconds: 1.5 seconds.
   *
   * @return more than a millisecond
   */
  protected Duration longestLife() {
    return Duration.ofMillis(1_500);
  }

  /**
   * Looks for what is left of a job that is over. The default looks for processes of this host that
   * carry the job's id in their environment.
   *
   * @param job the job
   * @return a line for each process, container or the like that still runs; empty if all is well
   */
  protected List<String> leftRunning(JobId job) {
    return HostProcesses.withVariable("BATCH_COMPUTE_DAG_JOB_ID", job.value());
  }

  @Test
  void aHostKilledAtAnyMomentGoesOnWhereItWas() throws Exception {
    long seed = Long.getLong("windlass.tests.seed", System.nanoTime());
    System.out.println("seed of the moments: -Dwindlass.tests.seed=" + seed);
    Random random = new Random(seed);
    CrashTrial undisturbed = trial("undisturbed");
    undisturbed.runToEnd();
    check(undisturbed, undisturbed);

    int kills = 0;
    int runs = 0;
    while (kills < kills()) {
      CrashTrial trial = trial("run" + runs++);
      kills += killRepeatedly(trial, random, kills() - kills);
      trial.runToEnd();
      check(trial, undisturbed);
    }
    System.out.println(kills + " kills over " + runs + " runs of the job");
  }

  private CrashTrial trial(String name) throws Exception {
    return new CrashTrial(LedgerJob.BRIEF, plugins(), directory.resolve(name));
  }

  /**
   * Kills the host until the job is over or the kills are used up; gives back how many there were.
   */
  private int killRepeatedly(CrashTrial trial, Random random, int most) throws Exception {
    int kills = 0;
    while (kills < most) {
      Map<String, Outcome> before = trial.recorded();
      Map<String, Integer> startsBefore = trial.ledger().starts();
      try (ChildJvm host = trial.host()) {
        boolean over =
            kills == 0
                ? endsBeforeAProgramRuns(host, trial)
                : host.endsWithin(randomLife(host, random));
        if (over) {
          return kills;
        }
        host.kill();
        kills++;
      }
      trial.assertKept(before, startsBefore);
    }
    return kills;
  }

  /** The first kill of each run is no matter of luck: on a slow machine no other may meet one. */
  private static boolean endsBeforeAProgramRuns(ChildJvm host, CrashTrial trial) throws Exception {
    while (!trial.ledger().isRunning()) {
      if (host.endsWithin(Duration.ofMillis(1))) {
        return true;
      }
    }
    return false;
  }

  /** Some moments lie in the opening, most in the work. */
  private Duration randomLife(ChildJvm host, Random random) throws IOException {
    if (random.nextInt(5) > 0) {
      host.line();
    }
    return Duration.ofMillis(random.nextLong(longestLife().toMillis()));
  }

  private void check(CrashTrial trial, CrashTrial undisturbed) throws Exception {
    Ledger ledger = trial.ledger();
    // Programs outlive the host, so not one of them ever has to be started again.
    ledger.assertEachOnce();
    assertThat(ledger.doubles()).as("two at once").isEmpty();
    trial.assertComplete();
    assertThat(trial.recorded()).isEqualTo(undisturbed.recorded());
    assertThat(trial.outputs()).isEqualTo(undisturbed.outputs());
    assertThat(leftRunning(trial.job())).as("left running").isEmpty();
    assertThat(trial.leftFiles()).as("files left").isEmpty();
  }
}
