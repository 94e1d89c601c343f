package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.MemoryRetry;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.time.Duration;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Priority and bounds of a job, changed while it waits, runs, or is over. */
@Timeout(60)
class ChangedJobTest {

  private static final TaskName WORK = new TaskName("work");
  private static final TaskName TRIED = new TaskName("tried");

  /** Each program runs for an hour on one of two processors. */
  private final TestEngine test = TestEngine.builder().nodeCapacity(Resources.cpus(2)).build();

  ChangedJobTest() {
    test.script().task("work").succeeds().after(Duration.ofHours(1));
  }

  @AfterEach
  void close() {
    test.close();
  }

  private JobId submit(String name, int instances) {
    TaskDescription task = TaskDescription.builder(Command.of("prog")).instances(instances).build();
    return test.engine().submit(JobDescription.builder(name).task("work", task).build());
  }

  private long running(JobId job) {
    return test.engine().job(job).instances().running();
  }

  private long finished(JobId job) {
    return test.engine().job(job).instances().finished();
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            EngineException.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
  }

  @Test
  void whatIsMadeMoreUrgentRunsNext() {
    JobId first = submit("first", 4);
    test.advance(Duration.ofMinutes(1));
    JobId second = submit("second", 4);

    test.engine().setPriority(second, 7);
    test.advance(Duration.ofHours(2));

    assertThat(test.engine().job(second).priority()).isEqualTo(7);
    // What ran of the first goes on; then both places go to the second.
    assertThat(running(second)).isEqualTo(2);
    assertThat(finished(first) + finished(second)).isEqualTo(4);
    assertThat(running(first)).isZero();
  }

  @Test
  void aBoundThatIsLoweredLetsRunOnWhatRunsAndOneThatIsRaisedLetsBegin() {
    JobId job = submit("job", 6);
    test.advance(Duration.ofMinutes(1));
    assertThat(running(job)).isEqualTo(2);

    test.engine().setMaxRunning(job, WORK, OptionalInt.of(1));
    test.advance(Duration.ofMinutes(30));
    assertThat(running(job)).isEqualTo(2);

    test.advance(Duration.ofMinutes(60));
    assertThat(running(job)).isEqualTo(1);
    assertThat(finished(job)).isEqualTo(2);
    assertThat(test.engine().task(job, WORK).maxRunning()).hasValue(1);

    test.engine().setMaxRunning(job, WORK, OptionalInt.empty());
    test.advance(Duration.ofMinutes(1));
    assertThat(running(job)).isEqualTo(2);
  }

  @Test
  void whatWasChangedSurvivesTheHost() {
    JobId job = submit("job", 6);
    test.engine().setMaxRunning(job, OptionalInt.of(1));
    test.engine().setPriority(job, 3);
    test.advance(Duration.ofMinutes(1));

    test.crashHost();
    test.restartHost();
    test.advance(Duration.ofHours(3));

    assertThat(test.engine().job(job).priority()).isEqualTo(3);
    assertThat(test.engine().job(job).maxRunning()).hasValue(1);
    assertThat(running(job)).isEqualTo(1);
  }

  @Test
  void aStoppedJobIsChangedForItsRestart() throws Exception {
    JobId job = submit("job", 4);
    test.advance(Duration.ofMinutes(1));
    test.engine().stop(job);
    assertThat(test.engine().await(job).state()).isEqualTo(State.STOPPED);

    test.engine().setMaxRunning(job, WORK, OptionalInt.of(1));
    test.engine().setMaxRunning(job, OptionalInt.of(2));
    test.engine().setPriority(job, 9);
    test.engine().restart(job);
    test.advance(Duration.ofMinutes(1));

    assertThat(running(job)).isEqualTo(1);
    assertThat(test.engine().job(job).priority()).isEqualTo(9);
    assertThat(test.engine().job(job).maxRunning()).hasValue(2);
  }

  /** A small one of it runs, and a large one waits for both processors that are left. */
  private JobId submitThatReserves(TestEngine large) {
    TaskDescription small = TaskDescription.builder(Command.of("prog")).build();
    TaskDescription two =
        TaskDescription.builder(Command.of("prog")).resources(Resources.cpus(2)).build();
    JobId job =
        large
            .engine()
            .submit(JobDescription.builder("job").task("small", small).task("two", two).build());
    large.advance(Duration.ofMinutes(1));
    return job;
  }

  @Test
  void aChangeThatChangesNothingGivesUpNothing() {
    try (TestEngine three = TestEngine.builder().nodeCapacity(Resources.cpus(3)).build()) {
      three.script().task("other").succeeds().after(Duration.ofHours(1));
      three.script().task("small").succeeds().after(Duration.ofHours(9));
      three.script().task("two").succeeds().after(Duration.ofHours(1));
      TaskDescription other = TaskDescription.builder(Command.of("prog")).build();
      three.engine().submit(JobDescription.builder("first").task("other", other).build());
      JobId holder = submitThatReserves(three);
      // Uses less than the other, so that it would come first were nothing kept for that.
      TaskDescription two =
          TaskDescription.builder(Command.of("prog")).resources(Resources.cpus(2)).build();
      JobId rival = three.engine().submit(JobDescription.builder("rival").task("two", two).build());
      three.advance(Duration.ofMinutes(1));

      three.engine().setPriority(holder, 0);
      three.engine().setMaxRunning(holder, OptionalInt.empty());
      three.engine().setMaxRunning(holder, new TaskName("two"), OptionalInt.empty());
      three.engine().resume(holder);
      three.advance(Duration.ofHours(1));

      assertThat(three.engine().job(holder).instances().running()).isEqualTo(2);
      assertThat(three.engine().job(rival).instances().running()).isZero();
    }
  }

  @Test
  void aFinishedJobIsNotChanged() throws Exception {
    JobId job = submit("job", 1);
    test.engine().await(job);

    assertRefused(() -> test.engine().setPriority(job, 1), ErrorCode.STATE_CONFLICT);
    assertRefused(
        () -> test.engine().setMaxRunning(job, OptionalInt.of(1)), ErrorCode.STATE_CONFLICT);
    assertRefused(
        () -> test.engine().setMaxRunning(job, new TaskName("other"), OptionalInt.of(1)),
        ErrorCode.NOT_FOUND);
    assertThatThrownBy(() -> test.engine().setPriority(job, 1_001))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> test.engine().setMaxRunning(job, OptionalInt.of(0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private JobId submitTried(RetryPolicy policy) {
    test.script().task("tried").exits(7).after(Duration.ofHours(1));
    TaskDescription task =
        TaskDescription.builder(Command.of("prog"))
            .retry(policy.pausing(Duration.ofMinutes(1), Duration.ofMinutes(1)))
            .build();
    return test.engine().submit(JobDescription.builder("job").task("tried", task).build());
  }

  private int attempts(JobId job) {
    return test.engine().instance(new InstanceId(job, TRIED, 0)).attempts();
  }

  @Test
  void retriesThatAreTakenAwayAreNotUsedAndThoseThatAreGivenAre() {
    JobId taken = submitTried(RetryPolicy.retries(9));
    JobId given = submitTried(RetryPolicy.NONE);
    test.advance(Duration.ofMinutes(30));

    test.engine().setRetry(taken, TRIED, RetryPolicy.NONE);
    test.engine().setRetry(given, TRIED, RetryPolicy.retries(2));
    test.runUntilIdle();

    assertThat(attempts(taken)).isEqualTo(1);
    assertThat(attempts(given)).isEqualTo(3);
    assertThat(test.engine().task(taken, TRIED).changedRetry()).hasValue(RetryPolicy.NONE);
  }

  @Test
  void aNewPolicyCountsWhatIsUsedUpButNotTheTriesOfItsRules() {
    RetryPolicy twiceByRule = RetryPolicy.NONE.withRule(RetryRule.retryOnExit(7).atMost(2));
    JobId byRule = submitTried(twiceByRule);
    JobId byCount = submitTried(RetryPolicy.retries(2));
    test.advance(Duration.ofMinutes(90)); // the second attempt of each runs

    test.engine().setRetry(byRule, TRIED, twiceByRule);
    test.engine().setRetry(byCount, TRIED, RetryPolicy.retries(2));
    test.crashHost();
    test.restartHost();
    test.runUntilIdle();

    assertThat(attempts(byRule)).isEqualTo(4);
    assertThat(attempts(byCount)).isEqualTo(3);
  }

  @Test
  void theRetriesOfAJobThatIsOverAreChangedForItsRestart() {
    JobId job = submitTried(RetryPolicy.NONE);
    test.runUntilIdle();

    test.engine().setRetry(job, TRIED, RetryPolicy.retries(1));
    test.engine().restart(job);
    test.runUntilIdle();

    assertThat(attempts(job)).isEqualTo(3);
  }

  @Test
  void aPolicyThatTheTaskCouldNotHaveHadIsRefused() {
    JobId job = submitTried(RetryPolicy.NONE);
    assertRefused(
        () -> test.engine().setRetry(job, TRIED, RetryPolicy.NONE.withMemory(MemoryRetry.USUAL)),
        ErrorCode.UNSATISFIABLE);
    assertRefused(
        () -> test.engine().setRetry(job, new TaskName("other"), RetryPolicy.NONE),
        ErrorCode.NOT_FOUND);
  }
}
