package dev.windlass.testkit.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.windlass.Closing;
import dev.windlass.Engine;
import dev.windlass.JobQuery;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An engine with an executor is closed in each of the three ways ({@link Closing}), at random
 * moments: extend this, say what the host is made of as for {@link HostCrashContract}, run.
 *
 * <p>A real engine in this JVM runs a job of 9 instances, of which every second takes no notice of
 * being asked to end, and one runs until it is let go. It is closed and opened again up to three
 * times, let go and run to its end; then the job is run anew, until there were enough closings. The
 * programs write a ledger of their own. However the engine was closed, what was recorded as ended
 * still is, and is not started again; in the end all outcomes and outputs are there, and nothing is
 * left running. Beyond that:
 *
 * <ul>
 *   <li>a detach loses nothing and repeats nothing: every instance is started exactly once; where
 *       the executor does not declare {@code SURVIVES_HOST}, nothing is left of it instead;
 *   <li>a kill leaves nothing alive;
 *   <li>a drain never runs past its time by more than the grace that programs have, and what its
 *       executor needs to report; it leaves nothing alive; what ended in its time is recorded, and
 *       if all did, nothing is started again.
 * </ul>
 *
 * <p>{@code -Dwindlass.tests.closings=N} sets the number of closings in each way, {@code
 * -Dwindlass.tests.seed=N} the seed of the moments, which is printed and narrows them down.
 */
@Tag("slow")
@Timeout(1_800)
public abstract class HostCloseContract {
  private static final int DEFAULT_CLOSINGS = 2;
  private static final int MOST_IN_A_RUN = 3;

  /** That of programs which are asked to end. */
  private static final Duration GRACE = Duration.ofMillis(500);

  /**
   * For the reports of an executor on a machine that does other things too. Less than the engine
   * waits for one that does not answer.
   */
  private static final Duration SLACK = Duration.ofSeconds(12);

  /** A drain that all that runs ends well before. */
  private static final Duration LONG_DRAIN = Duration.ofMinutes(2);

  private static final Duration SOON = Duration.ofMinutes(1);
  private static final Duration POLL = Duration.ofMillis(10);

  @TempDir Path directory;

  /** For subclasses. */
  protected HostCloseContract() {}

  /**
   * Says what the host is made of.
   *
   * @return a class of which an object is made for each life of the engine; its executor need not
   *     declare {@code SURVIVES_HOST}
   */
  protected abstract Class<? extends HostPlugins> plugins();

  /**
   * How often the engine is closed in each way. The default is the property {@code
   * windlass.tests.closings}, or 2.
   *
   * @return at least 1
   */
  protected int closings() {
    return Integer.getInteger("windlass.tests.closings", DEFAULT_CLOSINGS);
  }

  /**
   * How long an engine is open at most before it is closed. It is closed at a moment up to then.
   * The default suits programs that start within a few milliseconds: a second.
   *
   * @return more than a millisecond
   */
  protected Duration longestLife() {
    return Duration.ofSeconds(1);
  }

  /**
   * Looks for what is alive of a job. The default looks for processes of this host that carry the
   * job's id in their environment.
   *
   * @param job the job
   * @return a line for each process, container or the like that runs; empty if there is none
   */
  protected List<String> leftRunning(JobId job) {
    return HostProcesses.withVariable("BATCH_COMPUTE_DAG_JOB_ID", job.value());
  }

  @Test
  void aDetachLosesNothingAndRepeatsNothing() throws Exception {
    closeAgainAndAgain(random -> Closing.detach());
  }

  @Test
  void aKillLeavesNothingAlive() throws Exception {
    closeAgainAndAgain(random -> Closing.kill());
  }

  @Test
  void aDrainKeepsToItsTimeAndLeavesNothingAlive() throws Exception {
    closeAgainAndAgain(
        random -> Closing.drain(random.nextBoolean() ? enough() : upTo(longestLife(), random)));
  }

  @Test
  void aDrainInWhoseTimeAllEndsRepeatsNothing() throws Exception {
    Random random = random();
    for (int run = 0; run * MOST_IN_A_RUN < closings(); run++) {
      CrashTrial trial = trial(run);
      Engine engine = trial.open(GRACE);
      awaitHeld(trial);
      live(engine, random);
      CompletableFuture<Void> drain =
          CompletableFuture.runAsync(() -> close(engine, Closing.drain(LONG_DRAIN)));
      trial.letGo();
      drain.join();
      assertThat(leftRunning(trial.job())).as("left running").isEmpty();
      assertThat(trial.recorded()).containsOnlyKeys(trial.ledger().starts().keySet());
      runToEnd(trial);
      trial.ledger().assertEachOnce();
    }
  }

  private void closeAgainAndAgain(Function<Random, Closing> ways) throws Exception {
    Random random = random();
    int closings = 0;
    for (int run = 0; closings < closings(); run++) {
      CrashTrial trial = trial(run);
      int most = Math.min(closings() - closings, 1 + random.nextInt(MOST_IN_A_RUN));
      boolean leavesAll = true;
      for (int closing = 0; closing < most; closing++) {
        Closing how = ways.apply(random);
        leavesAll &= leavesRunning(trial, how);
        liveOnce(trial, how, random, closing == 0);
      }
      closings += most;
      trial.letGo();
      runToEnd(trial);
      if (leavesAll) {
        trial.ledger().assertEachOnce();
      }
      assertThat(trial.ledger().starts().values()).as("starts").allMatch(n -> n <= 1 + most);
    }
  }

  /** A life of the engine, from its opening to its closing. */
  private void liveOnce(CrashTrial trial, Closing how, Random random, boolean isFirst)
      throws Exception {
    Map<String, Outcome> before = trial.recorded();
    Map<String, Integer> startsBefore = trial.ledger().starts();
    Map<String, Integer> endsBefore = trial.ledger().ends();
    Engine engine = trial.open(GRACE);
    if (isFirst) {
      awaitHeld(trial);
    }
    live(engine, random);
    Map<String, Integer> ended = trial.ledger().ends();
    close(engine, how);
    trial.assertKept(before, startsBefore);
    if (how.atMost().equals(enough())) {
      // What was ended in an earlier life just before its exit came to its end there.
      ended.entrySet().removeAll(endsBefore.entrySet());
      assertThat(trial.recorded().keySet())
          .as("recorded of what ended well in time")
          .containsAll(ended.keySet());
    }
    assertThat(trial.ledger().doubles()).as("two at once").isEmpty();
    List<String> alive = leftRunning(trial.job());
    if (leavesRunning(trial, how)) {
      assertThat(alive).as("running on").isNotEmpty();
    } else {
      assertThat(alive).as("left running").isEmpty();
      trial.ledger().forgetRunning();
    }
  }

  /** Whether programs go on without the engine. */
  private static boolean leavesRunning(CrashTrial trial, Closing how) {
    return how.kind() == Closing.Kind.DETACH && trial.survivesHost();
  }

  private static void close(Engine engine, Closing how) {
    long begunNanos = System.nanoTime();
    engine.shutDown(how);
    assertThat(Duration.ofNanos(System.nanoTime() - begunNanos))
        .as("time of %s", how)
        .isLessThan(how.atMost().plus(GRACE).plus(SLACK));
  }

  /** The job goes on to its end, as if nothing had happened. */
  private void runToEnd(CrashTrial trial) throws Exception {
    try (Engine engine = trial.open(GRACE)) {
      assertThat(engine.await(trial.job()).state()).isEqualTo(State.FINISHED);
    }
    trial.assertComplete();
    assertThat(trial.ledger().doubles()).as("two at once").isEmpty();
    assertThat(leftRunning(trial.job())).as("left running").isEmpty();
    assertThat(trial.leftFiles()).as("files left").isEmpty();
  }

  private static Random random() {
    long seed = Long.getLong("windlass.tests.seed", System.nanoTime());
    System.out.println("seed of the moments: -Dwindlass.tests.seed=" + seed);
    return new Random(seed);
  }

  private CrashTrial trial(int run) throws IOException {
    return new CrashTrial(LedgerJob.HELD, plugins(), directory.resolve("run" + run));
  }

  /** In which what had ended when the drain began is certainly reported. */
  private Duration enough() {
    return longestLife().multipliedBy(2);
  }

  private static Duration upTo(Duration most, Random random) {
    return Duration.ofMillis(random.nextLong(most.toMillis()));
  }

  /** The instance that is held runs on: from now on something does. */
  private static void awaitHeld(CrashTrial trial) {
    await()
        .atMost(SOON)
        .pollInterval(POLL)
        .until(() -> trial.ledger().starts().containsKey(LedgerJob.HELD.held()));
  }

  /** The engine works until a random moment; at some it has only just been opened. */
  private void live(Engine engine, Random random) throws InterruptedException {
    JobId job = engine.jobs(JobQuery.all()).items().get(0).id();
    boolean atOnce = random.nextInt(5) == 0;
    assertThat(engine.await(job, atOnce ? Duration.ZERO : upTo(longestLife(), random)))
        .as("over while an instance of it is held")
        .isEmpty();
  }
}
