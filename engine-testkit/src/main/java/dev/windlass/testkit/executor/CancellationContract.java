package dev.windlass.testkit.executor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.job.Outcome;
import dev.windlass.testkit.contract.Sentence;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What of the contract's part "Cancellation" holds of every executor. */
abstract class CancellationContract extends CommandContract {

  /** Long enough that no program of this suite could want more. */
  static final Duration AMPLE = Duration.ofMinutes(5);

  private static final String FINISHED = "finished";
  private static final int OWN_CODE = 77;

  @Test
  @Sentence(Sentences.CANCEL)
  void cancelEndsTheAttempt() {
    Attempt attempt = rig().launch(waiting(0));
    attempt.awaitStart();
    rig().cancel(attempt, AMPLE);
    assertThat(rig().outcome(attempt)).isEqualTo(new Outcome.Cancelled());
  }

  @Test
  @Sentence("how long the program may take to end by itself; zero ends it at once")
  void cancelWithoutGraceEndsTheAttempt() {
    Attempt attempt = rig().launch(waiting(0));
    attempt.awaitStart();
    rig().cancel(attempt, Duration.ZERO);
    assertThat(rig().outcome(attempt)).isEqualTo(new Outcome.Cancelled());
  }

  @Test
  @Sentence(
      "An attempt that ends by itself during the grace period MAY be reported with its own outcome or as Cancelled.")
  void theProgramMayFinishDuringTheGracePeriod() {
    Script script =
        Script.of(Script.finishWhenCancelled(FINISHED, OWN_CODE), Script.await(Attempt.GATE));
    Attempt attempt = rig().launch(script);
    attempt.awaitStart();
    rig().cancel(attempt, AMPLE);
    assertThat(rig().outcome(attempt)).isIn(new Outcome.Exited(OWN_CODE), new Outcome.Cancelled());
    assertThat(attempt.lines(FINISHED)).as("what the program does to finish").isEqualTo(1);
  }

  @Test
  @Sentence(Sentences.CANCEL_OF_NOTHING)
  void cancelOfAnEndedAttemptDoesNothing() {
    Attempt attempt = rig().launch(Script.of(Script.exit(4)));
    assertExited(attempt, 4);
    rig().cancel(attempt, Duration.ZERO);
    rig().cancel(attempt, AMPLE);
    rig().letPass();
    assertExited(attempt, 4);
    rig().release(attempt);
    rig().cancel(attempt, Duration.ZERO);
    rig().letPass();
  }

  @Test
  @Sentence(Sentences.CANCEL_OF_NOTHING)
  void cancelOfAnUnknownAttemptDoesNothing() {
    Attempt attempt = rig().attempt(Script.of(Script.exit(8)));
    rig().cancel(attempt, Duration.ZERO);
    rig().letPass();
    assertThat(rig().told(attempt)).isEmpty();
    rig().launch(attempt);
    assertExited(attempt, 8);
  }

  @Test
  @Sentence(Sentences.CANCEL_AGAIN)
  void cancelMayBeCalledAgain() {
    Attempt attempt = rig().launch(waiting(0));
    attempt.awaitStart();
    rig().cancel(attempt, AMPLE);
    rig().cancel(attempt, AMPLE);
    rig().cancel(attempt, Duration.ZERO);
    assertThat(rig().outcome(attempt)).isEqualTo(new Outcome.Cancelled());
  }

  @Test
  @Sentence("Two attempts with different ids are independent.")
  void cancelOfOneAttemptLeavesTheOthersAlone() {
    Attempt other = rig().launch(waiting(9));
    Attempt cancelled = rig().launch(waiting(0));
    other.awaitStart();
    cancelled.awaitStart();
    rig().cancel(cancelled, Duration.ZERO);
    rig().outcome(cancelled);
    assertThat(rig().hasEnded(other)).isFalse();
    other.openGate();
    assertExited(other, 9);
  }

  /** The rig sees that there is one end, and that a program that began was reported so. */
  @Test
  @Sentence(Sentences.CANCELLED_BEFORE)
  void anAttemptCancelledBeforeItsProgramBeganDoesNotBegin() {
    for (int round = 0; round < 20; round++) {
      Attempt attempt = rig().launch(waiting(0));
      LockSupport.parkNanos(round / 4 * 1_000_000L);
      rig().cancel(attempt, Duration.ZERO);
      assertThat(rig().outcome(attempt)).isEqualTo(new Outcome.Cancelled());
      int starts = attempt.starts();
      rig().letPass();
      assertThat(attempt.starts()).as("starts after the end").isEqualTo(starts);
    }
  }

  /** The program is over in a moment or never; the cancellation comes at any point of its life. */
  @Property(tries = TRIES)
  @Sentence(Sentences.CANCEL)
  void cancelAtAnyMomentEndsTheAttempt(
      @ForAll @IntRange(max = 30_000) int afterMicros,
      @ForAll boolean graceful,
      @ForAll boolean endless) {
    Attempt attempt = rig().launch(endless ? waiting(0) : Script.of(Script.exit(OWN_CODE)));
    LockSupport.parkNanos(afterMicros * 1_000L);
    rig().cancel(attempt, graceful ? AMPLE : Duration.ZERO);
    Outcome outcome = rig().outcome(attempt);
    if (endless) {
      assertThat(outcome).isEqualTo(new Outcome.Cancelled());
    } else {
      assertThat(outcome).isIn(new Outcome.Cancelled(), new Outcome.Exited(OWN_CODE));
    }
  }
}
