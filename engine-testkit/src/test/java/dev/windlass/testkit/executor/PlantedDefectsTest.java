package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.windlass.executor.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** An executor with a defect fails the sentence that it breaks, and is told which. */
class PlantedDefectsTest {

  private static Supplier<Executor> defect = SimpleProcessExecutor::new;

  /** Held to the contract by this class only: by its name no build takes it for a test. */
  static final class Suspect extends ProgramExecutorContract {
    @Override
    protected Executor create() {
      return defect.get();
    }

    @Override
    protected int breadth() {
      return 8;
    }
  }

  private static Arguments breaks(String sentence, Supplier<Executor> made, String message) {
    return arguments(sentence, made, message);
  }

  static Stream<Arguments> defects() {
    return Stream.of(
        breaks(
            "theExitCodeIsTheProgramsOwn", DefectiveExecutor::losesTheExitCode, "Exited[code=1]"),
        breaks(
            "anAttemptEndsInExactlyOneEnded",
            DefectiveExecutor::reportsTwice,
            "Expected size: 1 but was: 2"),
        breaks(
            "startedPrecedesEnded",
            DefectiveExecutor::reportsTheEndBeforeTheStart,
            "no Started of"),
        breaks("startedPrecedesEnded", DefectiveExecutor::reportsNoStart, "[STARTED]"),
        breaks(
            "aSecondLaunchWithTheSameIdChangesNothing",
            DefectiveExecutor::runsADuplicateLaunchAgain,
            "start"),
        breaks(
            "whateverIsCalledHowOftenAnAttemptRunsOnceAndEndsOnce",
            DefectiveExecutor::keepsReleasedEvidence,
            "evidence of what was released"),
        breaks(
            "descendantsInSessionsOfTheirOwnAreGoneAfterAnExit",
            DefectiveExecutor::forgetsDescendants,
            "while :; do sleep 60; done"),
        breaks(
            "childrenOfAProgramThatExitsAreGone",
            DefectiveExecutor::forgetsDescendants,
            "while :; do sleep 60; done"),
        breaks(
            "thereIsEvidenceOfAnAttemptUntilItIsReleased",
            DefectiveExecutor::keepsReleasedEvidence,
            "not to contain key"),
        breaks(
            "anExpectedAttemptThatNeverBeganIsFencedAndNeverBegins",
            DefectiveExecutor::fencesInWordsOnly,
            ""),
        breaks(
            "oddArgumentsReachTheProgramUnchanged",
            DefectiveExecutor::trimsArguments,
            "expected: "),
        breaks(
            "argumentsReachTheProgramUnchanged", DefectiveExecutor::trimsArguments, "expected: "),
        breaks(
            "anImageIsUsedOrRefused",
            DefectiveExecutor::overlooksTheImage,
            "refused without IMAGES"));
  }

  @ParameterizedTest
  @MethodSource("defects")
  void aDefectFailsTheSentenceThatItBreaks(
      String sentence, Supplier<Executor> made, String message) {
    TestExecutionSummary summary = run(sentence, made);
    assertThat(summary.getFailures())
        .singleElement()
        .satisfies(
            failure -> {
              TestIdentifier test = failure.getTestIdentifier();
              assertThat(test.getDisplayName()).startsWith(sentence);
              assertThat(failure.getException()).hasStackTraceContaining(message);
            });
  }

  /** So that nothing above fails for another reason than its defect. */
  @Test
  void withoutADefectTheSameSentencesHold() {
    defects()
        .map(defect -> (String) defect.get()[0])
        .distinct()
        .forEach(
            sentence -> {
              TestExecutionSummary summary = run(sentence, DefectiveExecutor::new);
              assertThat(summary.getFailures())
                  .extracting(TestExecutionSummary.Failure::getException)
                  .as(sentence)
                  .isEmpty();
              assertThat(summary.getTestsSucceededCount()).as(sentence).isEqualTo(1);
            });
  }

  private static TestExecutionSummary run(String sentence, Supplier<Executor> made) {
    defect = made;
    boolean property = sentence.startsWith("whatever") || sentence.startsWith("arguments");

    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                DiscoverySelectors.selectMethod(
                    Suspect.class.getName()
                        + "#"
                        + sentence
                        + (property ? "(java.util.List)" : "()")))
            .configurationParameter("jqwik.reporting.usejunitplatform", "true")
            .configurationParameter("jqwik.database", "target/jqwik-database-of-defects")
            .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    return listener.getSummary();
  }
}
