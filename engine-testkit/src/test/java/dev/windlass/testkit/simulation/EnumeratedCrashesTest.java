package dev.windlass.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.testkit.simulation.EnumeratedCrashes.Crash;
import dev.windlass.testkit.simulation.EnumeratedCrashes.Report;
import dev.windlass.testkit.simulation.Scenario.Disturbance;
import dev.windlass.testkit.simulation.Scenario.Kind;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The promises hold wherever the host crashes. Of these scenarios at every point; of the others at
 * each sixteenth, and at every one with {@code -Dwindlass.tests.every-point=true}, which takes a
 * few minutes.
 */
@Tag("slow")
class EnumeratedCrashesTest {
  private static final int EACH = 16;

  private static final Set<String> AT_EVERY_POINT =
      Set.of(
          "chain",
          "diamond",
          "fan-out with failures and retries",
          "stop during a retry",
          "restart of a failed job",
          "cluster deleted",
          "store that fails before an executor tells what runs");

  private static final Map<Kind, String> OF_USERS =
      Map.of(
          Kind.STOP, "stop",
          Kind.RESTART, "restart",
          Kind.DELETE, "delete",
          Kind.RELEASE, "release",
          Kind.PAUSE, "pause",
          Kind.RESUME, "resume",
          Kind.RESTART_FAILED, "restart_failed",
          Kind.RESTART_FROM, "restart_from",
          Kind.CAP_LOWERED, "lower the cap of",
          Kind.RETRIES_TAKEN, "take the retries of");

  static Stream<Arguments> crashes() {
    return EnumeratedCrashes.scenarios().stream()
        .flatMap(scenario -> Stream.of(Crash.values()).map(crash -> Arguments.of(scenario, crash)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("crashes")
  void thePromisesHoldWhereverTheHostCrashes(String scenario, Crash crash) {
    boolean all =
        AT_EVERY_POINT.contains(scenario) || Boolean.getBoolean("windlass.tests.every-point");
    Report report = EnumeratedCrashes.run(scenario, crash, all ? 1 : EACH);
    System.out.printf(
        "%s, %s: %d of %d crash points%n", scenario, crash, report.tried(), report.points());
    assertThat(report.violations()).isEmpty();
    assertThat(report.points()).isGreaterThan(40);
    assertThat(report.tried()).isGreaterThanOrEqualTo(report.points() / (all ? 1 : EACH));
  }

  static Stream<WrittenScenario> scenarios() {
    return WrittenScenario.ALL.stream();
  }

  /** A scenario whose user comes too late, or is refused, would prove nothing. */
  @ParameterizedTest
  @MethodSource("scenarios")
  void whatUsersDoIsDone(WrittenScenario written) {
    Simulation.Result result = EnumeratedCrashes.simulate(written, Simulation.PlannedCrash.NONE);
    for (Disturbance disturbance : written.scenario().disturbances()) {
      if (OF_USERS.containsKey(disturbance.kind())) {
        String done = "user: done: " + OF_USERS.get(disturbance.kind()) + " job0";
        assertThat(result.journal()).anyMatch(line -> line.endsWith(done));
      }
    }
  }
}
