package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.executor.AttemptReport;
import dev.windlass.job.AttemptId;
import dev.windlass.job.Outcome;
import dev.windlass.testkit.contract.Sentence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The contract's part "Claim and evidence": recovery, restart of the host, release. */
abstract class RecoveryContract extends CancellationContract {

  @Test
  @Sentence(Sentences.EVIDENCE)
  void thereIsEvidenceOfAnAttemptUntilItIsReleased() {
    Attempt attempt = rig().launch(waiting(3));
    attempt.awaitStart();
    assertThat(rig().recover(Set.of()).get(attempt.id())).isInstanceOf(AttemptReport.Started.class);
    attempt.openGate();
    assertExited(attempt, 3);
    assertThat(outcomeIn(rig().recover(Set.of()), attempt)).isEqualTo(new Outcome.Exited(3));
    rig().release(attempt);
    assertThat(rig().recover(Set.of())).doesNotContainKey(attempt.id());
  }

  @Test
  @Sentence(Sentences.RELEASED)
  void releaseLeavesNothingBehind() {
    rig().letPass();
    List<String> before = rig().evidence();
    List<Attempt> attempts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      attempts.add(rig().launch(Script.of(Script.print("x", 10), Script.exit(i))));
    }
    Attempt cancelled = rig().launch(waiting(0));
    rig().cancel(cancelled, AMPLE);
    attempts.add(cancelled);
    attempts.forEach(rig()::outcome);
    attempts.forEach(rig()::release);
    Awaitility.await("everything to be released")
        .atMost(patience())
        .untilAsserted(() -> assertThat(rig().evidence()).isEqualTo(before));
    assertThat(rig().recover()).isEmpty();
    assertThat(rig().restart()).isEmpty();
  }

  @Test
  @Sentence("Does nothing if the attempt is not known.")
  void releaseOfAnUnknownAttemptDoesNothing() {
    Attempt attempt = rig().attempt(Script.of(Script.exit(8)));
    rig().release(attempt);
    rig().launch(attempt);
    assertExited(attempt, 8);
    rig().release(attempt);
    rig().release(attempt);
    rig().letPass();
  }

  @Test
  @Sentence(
      "Called after open, before the first launch, and possibly again later while attempts run.")
  void aSecondRecoveryFencesNothingThatRuns() {
    List<Attempt> attempts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      // Asked at once, too: some are only on their way.
      attempts.add(rig().launch(waiting(i)));
      assertThat(rig().recover().values()).allMatch(AttemptReport.Started.class::isInstance);
    }
    attempts.forEach(Attempt::awaitStart);
    assertThat(rig().recover().values())
        .hasSize(8)
        .allMatch(AttemptReport.Started.class::isInstance);
    attempts.forEach(Attempt::openGate);
    for (int i = 0; i < 8; i++) {
      assertExited(attempts.get(i), i);
    }
  }

  @Test
  @Sentence(Sentences.AFTER_CLOSE)
  void whatRunsSurvivesTheHostOrIsEndedByClose() {
    Attempt attempt = rig().launch(waiting(7));
    attempt.awaitStart();
    Map<AttemptId, AttemptReport> recovered = rig().restart();
    if (survivesHost()) {
      assertThat(recovered.get(attempt.id())).isInstanceOf(AttemptReport.Started.class);
      attempt.openGate();
      assertExited(attempt, 7);
    } else {
      assertThat(outcomeIn(recovered, attempt).kind())
          .isIn(Outcome.Kind.LOST, Outcome.Kind.CANCELLED);
    }
  }

  @Test
  @Sentence("where nothing can be known any more, Lost")
  void whatEndedWhileNoHostLivedHasItsTrueOutcomeOrIsLost() {
    Attempt attempt = rig().launch(waiting(42));
    attempt.awaitStart();
    rig().restart(() -> letEnd(attempt));
    if (survivesHost()) {
      assertExited(attempt, 42);
    } else {
      assertThat(rig().outcome(attempt).kind()).isIn(Outcome.Kind.LOST, Outcome.Kind.CANCELLED);
    }
  }

  /** What is no process of this host may still run for a moment, and then is reported later. */
  private void letEnd(Attempt attempt) {
    attempt.openGate();
    Awaitility.await("the program to end")
        .atMost(patience())
        .until(() -> rig().running().isEmpty());
  }

  @Test
  @Sentence("What runs is watched from then on and will be reported to the context when it ends.")
  void whatRunsIsWatchedFromRecoveryOn() {
    Attempt attempt = rig().launch(waiting(7));
    attempt.awaitStart();
    Map<AttemptId, AttemptReport> recovered = rig().restart();
    attempt.openGate();
    rig().outcome(attempt);
    if (survivesHost()) {
      List<History.Entry> told = rig().told(attempt);
      assertThat(told.get(told.size() - 1).recovered())
          .as("an end of which one must ask")
          .isFalse();
    } else {
      assertThat(recovered.get(attempt.id())).isInstanceOf(AttemptReport.Ended.class);
    }
  }

  @Test
  @Sentence("every other one of this engine of which there is evidence")
  void recoverKnowsTheAttemptsOfItsEngineOnly() {
    Attempt attempt = rig().launch(waiting(4));
    attempt.awaitStart();
    try (ExecutorRig other = new ExecutorRig(this)) {
      assertThat(other.recover()).isEmpty();
      other.letPass();
    }
    assertThat(rig().hasEnded(attempt)).as("ended by the executor of another engine").isFalse();
    attempt.openGate();
    assertExited(attempt, 4);
  }

  @Test
  @Sentence("An executor that declares Capability.SURVIVES_HOST keeps it outside the JVM.")
  void anOutcomeIsKeptOverARestartOrIsLost() {
    Attempt attempt = rig().launch(Script.of(Script.exit(11)));
    assertExited(attempt, 11);
    Outcome outcome = outcomeIn(rig().restart(), attempt);
    if (survivesHost()) {
      assertThat(outcome).isEqualTo(new Outcome.Exited(11));
    } else {
      assertThat(outcome).isInstanceOfAny(Outcome.Exited.class, Outcome.Lost.class);
    }
  }

  @Test
  @Sentence(
      "Before a program's first instruction the attempt MUST take a claim that can be taken once"
          + " only, by the attempt or by whoever fences it.")
  void aLaunchAfterARestartStartsNothingASecondTime() {
    Attempt running = rig().launch(waiting(1));
    Attempt ended = rig().launch(Script.of(Script.exit(2)));
    running.awaitStart();
    assertExited(ended, 2);
    rig().restart();
    rig().launch(running);
    rig().launch(ended);
    rig().letPass();
    assertThat(running.starts()).isEqualTo(1);
    assertThat(ended.starts()).isEqualTo(1);
    running.openGate();
    rig().outcome(running);
  }

  @Test
  @Sentence("Forgets an ended attempt: its outcome is durable in the engine.")
  void aReleasedAttemptStaysForgottenAfterARestart() {
    Attempt attempt = rig().launch(Script.of());
    rig().outcome(attempt);
    rig().release(attempt);
    assertThat(rig().restart()).isEmpty();
  }

  @Test
  @Sentence(Sentences.FENCED)
  void anExpectedAttemptThatNeverBeganIsFencedAndNeverBegins() {
    Attempt attempt = rig().attempt(Script.of());
    rig().believeLaunched(attempt);
    assertFenced(outcomeIn(rig().restart(), attempt));
    rig().launch(attempt);
    rig().letPass();
    assertThat(attempt.starts()).as("starts after it was fenced").isZero();
    assertFenced(outcomeIn(rig().recover(), attempt));
    assertFenced(outcomeIn(rig().restart(), attempt));
    rig().launch(attempt);
    rig().letPass();
    assertThat(attempt.starts()).as("starts after it was fenced").isZero();
  }

  /** What keeps no evidence over a restart cannot know that the program never began. */
  private void assertFenced(Outcome outcome) {
    assertThat(outcome.kind())
        .isIn(
            survivesHost()
                ? Set.of(Outcome.Kind.REFUSED)
                : Set.of(Outcome.Kind.REFUSED, Outcome.Kind.LOST));
  }

  static Outcome outcomeIn(Map<AttemptId, AttemptReport> recovered, Attempt attempt) {
    if (recovered.get(attempt.id()) instanceof AttemptReport.Ended ended) {
      return ended.outcome();
    }
    throw new AssertionError(attempt + " was not recovered as ended, but: " + recovered);
  }
}
