package dev.windlass.testkit.executor;

import dev.windlass.executor.Executor;
import dev.windlass.testkit.contract.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** An executor with a defect fails the sentence that it breaks, and is told which. */
@Tag("slow")
class PlantedDefectsTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  /** Nothing that a defect holds up comes later. */
  private static final Duration SHORT = Duration.ofSeconds(2);

  private static Supplier<Executor> suspect = SimpleProcessExecutor::new;
  private static Duration patience = LONG;

  /** Held to the contract by this class only: by its name no build takes it for a test. */
  static final class Suspect extends ProgramExecutorContract {
    @Override
    protected Executor create() {
      return suspect.get();
    }

    @Override
    protected int breadth() {
      return 8;
    }

    @Override
    protected Duration patience() {
      return patience;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDefectFailsTheSentenceThatItBreaks(ExecutorDefect defect) {
    suspect = defect::make;
    patience = SHORT;
    Verdict.on(Suspect.class, defect.test()).assertTold(defect.sentence(), defect.seen());
  }

  static Stream<String> tests() {
    return Arrays.stream(ExecutorDefect.values()).map(ExecutorDefect::test).distinct();
  }

  /** So that nothing above fails for another reason than its defect. */
  @ParameterizedTest
  @MethodSource("tests")
  void withoutADefectTheSameSentenceHolds(String test) {
    suspect = SimpleProcessExecutor::new;
    patience = LONG;
    Verdict.onSound(Suspect.class, test).assertPassed();
  }
}
