package dev.windlass.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.TaskDescription;
import dev.windlass.testkit.machine.RandomPrograms;
import dev.windlass.testkit.simulation.Scenario.Disturbance;
import dev.windlass.testkit.simulation.Scenario.Kind;
import dev.windlass.testkit.simulation.Scenario.SubmittedJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Faults of clocks and discs, one by one, in simulated worlds. */
@Tag("slow")
class ClockAndDiscTest {
  private static final int INSTANCES = 20;
  private static final int WORLDS = 20;

  private static Scenario scenario(long seed, Duration timeout, Kind... kinds) {
    TaskDescription task =
        TaskDescription.builder(Command.of("program", "0"))
            .instances(INSTANCES)
            .timeout(timeout)
            .retry(RetryPolicy.retries(50))
            .output("out/", ScenarioDice.folder("job0", "t0"))
            .build();
    JobDescription job = JobDescription.builder("job0").task("t0", task).build();
    List<Disturbance> disturbances = new ArrayList<>();
    for (Kind kind : kinds) {
      int number = 3 + disturbances.size();
      Duration at = Duration.ofMillis(700L * (1 + disturbances.size()));
      disturbances.add(new Disturbance(number, at, kind, Duration.ofSeconds(1), 0));
    }
    return new Scenario(
        seed,
        List.of(new SubmittedJob(1, List.of(2), Duration.ofMillis(10), job)),
        disturbances,
        Duration.ofSeconds(20));
  }

  private static Simulation.Result run(Scenario scenario) {
    try (Simulation simulation =
        new Simulation(
            scenario,
            Simulation.Disk.SIMULATED,
            new RandomPrograms(scenario.seed()),
            Simulation.PlannedCrash.NONE)) {
      Simulation.Result result = simulation.run();
      assertThat(result.violations()).as("seed %s", scenario.seed()).isEmpty();
      return result;
    }
  }

  @Test
  void aClockSetAheadADayEndsNothingEarly() {
    for (long seed = 1; seed <= WORLDS; seed++) {
      Simulation.Result result =
          run(scenario(seed, Duration.ofHours(1), Kind.CLOCK_AHEAD, Kind.CLOCK_AHEAD));
      assertThat(result.programs()).as("attempts, one each").isEqualTo(INSTANCES);
    }
  }

  @Test
  void aClockSetAheadADayDoesNotEndThePatienceWithAStorage() {
    for (long seed = 1; seed <= WORLDS; seed++) {
      Simulation.Result result =
          run(scenario(seed, Duration.ofHours(1), Kind.STORAGE_AWAY, Kind.CLOCK_AHEAD));
      assertThat(result.programs()).as("attempts, one each").isEqualTo(INSTANCES);
    }
  }

  @Test
  void timersGoOnWhenTheClockIsSetBack() {
    for (long seed = 1; seed <= WORLDS; seed++) {
      Simulation.Result result =
          run(scenario(seed, Duration.ofSeconds(1), Kind.CLOCK_BACK, Kind.CLOCK_BACK));
      assertThat(result.programs()).as("attempts, some timed out").isGreaterThan(INSTANCES);
      String last = result.journal().get(result.journal().size() - 1).strip();
      assertThat(Double.parseDouble(last.substring(0, last.indexOf(' '))))
          .as("seconds to the end")
          .isLessThan(600);
    }
  }

  @Test
  void whatIsAcknowledgedSurvivesTornWritesAndLostSyncs() {
    int lives = 0;
    for (long seed = 1; seed <= WORLDS; seed++) {
      lives +=
          run(scenario(
                  seed,
                  Duration.ofHours(1),
                  Kind.POWER_CUT,
                  Kind.SYNC_FAILS,
                  Kind.POWER_CUT,
                  Kind.DISK_FULL,
                  Kind.POWER_CUT))
              .lives();
    }
    assertThat(lives).as("lives of hosts").isGreaterThanOrEqualTo(3 * WORLDS);
  }
}
