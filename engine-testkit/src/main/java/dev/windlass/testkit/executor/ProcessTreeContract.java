package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.job.Outcome;
import dev.windlass.testkit.contract.Sentence;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * What must be gone when an attempt ends. The rig looks, at the very moment of the report, whether
 * anything of the attempt still runs.
 */
abstract class ProcessTreeContract extends ProgramContract {

  private static final Duration SHORT = Duration.ofMillis(200);
  private static final String CHILD = "child";

  /** Runs a descendant that says so in a file and then does not end. */
  private static Script.Step descendant(String before, String preparation) {
    String program = preparation + "echo x >>" + CHILD + "; while :; do sleep 60; done";
    return Script.shell(before + " sh -c \"" + program + "\" & ");
  }

  private static final Script.Step PLAIN = descendant("", "");
  private static final Script.Step STUBBORN = descendant("", "trap '' TERM INT HUP; ");
  private static final Script.Step OWN_SESSION = descendant("setsid", "");
  private static final Script.Step STUBBORN_SESSION =
      descendant("setsid", "trap '' TERM INT HUP; ");

  /** Its parent ends at once, so that nobody is left who knows it. */
  private static final Script.Step ORPHAN = Script.shell("(" + OWN_SESSION.text() + ") & ");

  @Test
  @Sentence(Sentences.ALL_GONE)
  void childrenOfAProgramThatExitsAreGone() {
    assertGoneAfterExit(PLAIN);
  }

  @Test
  @Sentence(Sentences.ALL_GONE)
  void stubbornChildrenOfAProgramThatExitsAreGone() {
    assertGoneAfterExit(STUBBORN);
  }

  @Test
  @Sentence(Sentences.ALL_GONE)
  void descendantsInSessionsOfTheirOwnAreGoneAfterAnExit() {
    assertGoneAfterExit(OWN_SESSION);
    assertGoneAfterExit(STUBBORN_SESSION);
  }

  @Test
  @Sentence(Sentences.ALL_GONE)
  void orphansAreGoneAfterAnExit() {
    assertGoneAfterExit(ORPHAN);
  }

  private void assertGoneAfterExit(Script.Step descendant) {
    Attempt attempt = rig().launch(Script.of(descendant, Script.await(CHILD), Script.exit(0)));
    assertExited(attempt, 0);
    assertGone(attempt);
  }

  @Test
  @Sentence(Sentences.CANCEL)
  void cancelEndsTheProgramWithItsChildren() {
    assertGoneAfterCancel(PLAIN);
  }

  @Test
  @Sentence(Sentences.CANCEL)
  void cancelEndsChildrenThatIgnoreIt() {
    assertGoneAfterCancel(STUBBORN);
  }

  @Test
  @Sentence(Sentences.CANCEL)
  void cancelEndsDescendantsInSessionsOfTheirOwn() {
    assertGoneAfterCancel(OWN_SESSION);
    assertGoneAfterCancel(STUBBORN_SESSION);
  }

  @Test
  @Sentence(Sentences.CANCEL)
  void cancelEndsOrphans() {
    assertGoneAfterCancel(ORPHAN);
  }

  private void assertGoneAfterCancel(Script.Step descendant) {
    Attempt attempt = rig().launch(Script.of(descendant, Script.await(Attempt.GATE)));
    attempt.awaitLines(CHILD, 1);
    rig().cancel(attempt, SHORT);
    assertThat(rig().outcome(attempt)).isEqualTo(new Outcome.Cancelled());
    assertGone(attempt);
  }

  private void assertGone(Attempt attempt) {
    assertThat(attempt.lines(CHILD)).as("descendants that began").isEqualTo(1);
    assertThat(rig().running()).isEmpty();
  }

  @Test
  @Sentence(Sentences.CANCEL)
  void aProgramThatIgnoresCancelIsEndedAfterTheGracePeriod() {
    Attempt attempt = rig().launch(Script.of(Script.ignoreCancel(), Script.await(Attempt.GATE)));
    attempt.awaitStart();
    long begin = System.nanoTime();
    rig().cancel(attempt, SHORT);
    assertThat(rig().outcome(attempt)).isEqualTo(new Outcome.Cancelled());
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(SHORT);
  }

  @Test
  @Sentence(Sentences.CANCEL_AGAIN)
  void aShorterGracePeriodCutsTheLongerOne() {
    Attempt attempt = rig().launch(Script.of(Script.ignoreCancel(), Script.await(Attempt.GATE)));
    attempt.awaitStart();
    rig().cancel(attempt, AMPLE);
    rig().letPass();
    assertThat(rig().hasEnded(attempt)).as("ended within its grace period").isFalse();
    rig().cancel(attempt, Duration.ZERO);
    assertThat(rig().outcome(attempt)).isEqualTo(new Outcome.Cancelled());
  }

  @Test
  @Sentence(Sentences.ONE_END)
  void aDescendantThatHoldsTheOutputOpenDelaysNoEnd() {
    Attempt attempt =
        rig()
            .launch(
                Script.of(
                    Script.shell("setsid sleep 600 & "), Script.print("all", 1), Script.exit(0)));
    assertExited(attempt, 0);
    assertThat(attempt.stdout()).isEqualTo("all");
  }

  @Test
  @Sentence("a crash of the host MUST NOT end it.")
  void theEndOfTheHostLeavesOutputWhole() {
    Script script =
        Script.of(
            Script.print("before\n", 100),
            Script.await(Attempt.GATE),
            Script.print("after\n", 10_000),
            Script.exit(0));
    Attempt attempt = rig().launch(script);
    attempt.awaitStart();
    rig().restart(attempt::openGate);
    if (survivesHost()) {
      assertExited(attempt, 0);
      assertThat(attempt.stdout()).isEqualTo("before\n".repeat(100) + "after\n".repeat(10_000));
    } else {
      assertThat(rig().outcome(attempt).isSuccess()).isFalse();
      assertThat(attempt.stdout()).doesNotContain("after");
    }
  }
}
