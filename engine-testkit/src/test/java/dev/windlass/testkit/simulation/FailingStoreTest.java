package dev.windlass.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users may rely on when the store fails while they submit, in many simulated worlds: a token
 * does not lead to a job whose submission failed, and nothing of one is left.
 */
@Tag("slow")
class FailingStoreTest {
  private static final int WORLDS = 100;

  static Stream<WrittenScenario> scenarios() {
    return WrittenScenario.OF_A_FAILING_STORE.stream();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void theJobIsThereOnceAndComesToItsEnd(WrittenScenario written) {
    int refused = 0;
    for (long seed = 1; seed <= WORLDS; seed++) {
      Simulation.Result result =
          EnumeratedCrashes.simulate(written.withSeed(seed), Simulation.PlannedCrash.NONE);
      assertThat(result.violations()).as("seed %s", seed).isEmpty();
      boolean isRefused =
          result.journal().stream()
              .anyMatch(line -> line.endsWith("user: submit job0: STORE_UNAVAILABLE"));
      refused += isRefused ? 1 : 0;
    }
    assertThat(refused).as("worlds in which the first submission fails").isGreaterThan(WORLDS / 4);
  }
}
