package dev.windlass.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.Engine;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.TaskStatus;
import dev.windlass.core.EngineBuilder;
import dev.windlass.job.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Promises 1 to 7 against {@code kill -9} of the host at random moments. */
@Tag("slow")
final class CrashTest {

  /** How often the host is killed, over as many runs of the job as that takes. */
  private static final int KILLS = Integer.getInteger("windlass.tests.kills", 100);

  @TempDir Path directory;

  @Test
  @Timeout(900)
  void aHostKilledAtAnyMomentGoesOnWhereItWas() throws Exception {
    long seed = Long.getLong("windlass.tests.seed", System.nanoTime());
    System.out.println("seed of the moments: -Dwindlass.tests.seed=" + seed);
    Random random = new Random(seed);
    Trial undisturbed = Trial.in(directory.resolve("undisturbed"));
    runToEnd(undisturbed);
    Map<String, String> expected = LedgerJob.outputs(undisturbed.store());
    assertThat(expected).hasSize(LedgerJob.INSTANCES);

    int kills = 0;
    int runs = 0;
    while (kills < KILLS) {
      Trial trial = Trial.in(directory.resolve("run" + runs++));
      kills += killRepeatedly(trial, random, KILLS - kills);
      runToEnd(trial);
      check(trial, expected);
    }
    System.out.println(kills + " kills over " + runs + " runs of the job");
  }

  /**
   * Kills the host until the job is over or the kills are used up; gives back how many there were.
   */
  private static int killRepeatedly(Trial trial, Random random, int most) throws Exception {
    int kills = 0;
    while (kills < most) {
      Set<String> finishedBefore = finished(trial);
      Map<String, Integer> startsBefore = LedgerJob.starts(trial.ledger());
      try (ChildHost host = trial.host(LedgerHost.class)) {
        // Some moments lie in the opening, most in the work.
        if (random.nextInt(5) > 0) {
          host.line();
        }
        if (host.endsWithin(random.nextInt(600))) {
          return kills;
        }
        host.kill();
        kills++;
      }
      Map<String, Integer> startsAfter = LedgerJob.starts(trial.ledger());
      for (String instance : finishedBefore) {
        assertThat(startsAfter.get(instance))
            .as("starts of %s, which was recorded as finished", instance)
            .isEqualTo(startsBefore.get(instance));
      }
      assertThat(finished(trial)).containsAll(finishedBefore);
    }
    return kills;
  }

  private static void runToEnd(Trial trial) throws Exception {
    try (ChildHost host = trial.host(LedgerHost.class)) {
      assertThat(host.line()).isEqualTo("open");
      assertThat(host.line()).isEqualTo("over FINISHED ");
      assertThat(host.endsWithin(30_000)).isTrue();
      assertThat(host.exitValue()).isZero();
    }
  }

  private static void check(Trial trial, Map<String, String> expected) throws Exception {
    assertThat(LedgerJob.doubles(trial.ledger())).isEmpty();
    Map<String, Integer> starts = LedgerJob.starts(trial.ledger());
    assertThat(starts).hasSize(LedgerJob.INSTANCES);
    // Programs outlive the host, so not one of them ever had to be started again.
    assertThat(starts.values()).allMatch(count -> count == 1);
    assertThat(LedgerJob.outputs(trial.store())).isEqualTo(expected);
    assertThat(LedgerJob.alive(trial.ledger())).isEmpty();
    assertThat(finished(trial)).hasSize(LedgerJob.INSTANCES);
    try (Stream<Path> left = Files.walk(trial.engine().resolve("runs"))) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  /** The instances that the store holds as finished, read beside whoever has it open. */
  private static Set<String> finished(Trial trial) {
    Set<String> finished = new TreeSet<>();
    if (Files.notExists(trial.engine().resolve("state.db"))) {
      return finished;
    }
    try (Engine engine = EngineBuilder.at(trial.engine()).readOnly().open()) {
      for (JobStatus job : engine.jobs(JobQuery.all()).items()) {
        for (TaskStatus task : engine.tasks(job.id())) {
          for (InstanceStatus instance :
              engine
                  .instances(job.id(), task.name(), InstanceQuery.all().inState(State.FINISHED))
                  .items()) {
            finished.add(task.name() + "." + instance.id().index());
          }
        }
      }
    } catch (dev.windlass.error.EngineException e) {
      return finished; // killed before the file was a store
    }
    return finished;
  }
}
