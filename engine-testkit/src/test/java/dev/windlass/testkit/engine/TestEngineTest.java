package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.AttemptStatus;
import dev.windlass.JobStatus;
import dev.windlass.error.EngineException;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.ValidationException;
import dev.windlass.executor.Capability;
import dev.windlass.job.ClusterName;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.MemoryRetry;
import dev.windlass.job.Outcome;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryDelay;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.RetryRule;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shipped engine on virtual time. */
@Timeout(60)
class TestEngineTest extends TestEngineCase {
  private static final long GIB = 1L << 30;

  @Test
  void theExampleOfTheIssueTakesMillisecondsOfRealTime() throws Exception {
    test.script()
        .task("align")
        .instance(3)
        .runsOutOfMemory()
        .times(2)
        .then()
        .succeeds()
        .after(FORTY_MINUTES);
    long beginNanos = System.nanoTime();

    JobId job =
        test.engine().submit(job("align", program().instances(5).retry(RetryPolicy.retries(2))));
    JobStatus status = test.engine().await(job);

    assertThat(status.state()).isEqualTo(State.FINISHED);
    List<AttemptStatus> attempts = test.engine().attempts(instance(job, "align", 3));
    assertThat(attempts)
        .extracting(attempt -> attempt.outcome().orElseThrow().kind())
        .containsExactly(
            Outcome.Kind.OUT_OF_MEMORY, Outcome.Kind.OUT_OF_MEMORY, Outcome.Kind.EXITED);
    AttemptStatus last = attempts.get(2);
    assertThat(Duration.between(last.started().orElseThrow(), last.ended().orElseThrow()))
        .isEqualTo(FORTY_MINUTES);
    assertThat(test.elapsed()).isBetween(FORTY_MINUTES, FORTY_MINUTES.plusSeconds(5));
    assertThat(Duration.ofNanos(System.nanoTime() - beginNanos)).isLessThan(Duration.ofSeconds(20));
    test.script().verify();
  }

  @Test
  void wantOfMemoryIsMetWithMoreAndTheOthersBeginWithWhatWasLearnt() throws Exception {
    test.script().task("align").instance(0).runsOutOfMemory().times(2).then().succeeds();
    TaskDescription.Builder align =
        program()
            .instances(3)
            .resources(new Resources(1_000_000, GIB, 0)) // one at a time
            .retry(RetryPolicy.NONE.withMemory(new MemoryRetry(2, 100, 3 * GIB)));

    JobId job = test.engine().submit(job("align", align));
    JobStatus status = test.engine().await(job);

    assertThat(status.state()).isEqualTo(State.FINISHED);
    assertThat(memoryOfAttempts(job, 0)).containsExactly(GIB, 2 * GIB, 3 * GIB);
    assertThat(memoryOfAttempts(job, 2)).hasSize(1).doesNotContain(GIB);
    assertThat(test.engine().instance(instance(job, "align", 0)).retries()).isEqualTo(2);
  }

  @Test
  void anInstanceFailsThatHadAllTheMemoryThereIs() throws Exception {
    test.script().task("align").runsOutOfMemory();
    TaskDescription.Builder align =
        program()
            .resources(Resources.cpus(1).withMemory(GIB))
            .retry(RetryPolicy.retries(9).withMemory(new MemoryRetry(9, 100, 3 * GIB)));

    JobId job = test.engine().submit(job("align", align));

    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);
    assertThat(memoryOfAttempts(job, 0)).containsExactly(GIB, 2 * GIB, 3 * GIB);
  }

  private List<Long> memoryOfAttempts(JobId job, int index) {
    return test.engine().attempts(instance(job, "align", index)).stream()
        .map(AttemptStatus::memoryBytes)
        .toList();
  }

  @Test
  void aRuleHasTriesAndPausesOfItsOwn() throws Exception {
    test.script().task("align").exits(75).times(3).then().exits(64);
    RetryPolicy policy =
        RetryPolicy.retries(1)
            .withRule(RetryRule.failOnExit(64))
            .withRule(
                RetryRule.retryOnExit(75)
                    .atMost(5)
                    .pausing(new RetryDelay(FORTY_MINUTES, FORTY_MINUTES)));

    JobId job = test.engine().submit(job("align", program().retry(policy)));

    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);
    assertThat(test.engine().attempts(instance(job, "align", 0))).hasSize(4);
    // Each pause is shortened by a quarter at most.
    assertThat(test.elapsed()).isBetween(Duration.ofMinutes(90), Duration.ofMinutes(121));
  }

  @Test
  void theWorkOfTheEngineTakesNoTime() throws Exception {
    JobDescription chain =
        JobDescription.builder("job")
            .task("a", program().build())
            .task("b", program().build())
            .dependency("a", "b")
            .build();

    JobStatus status = test.engine().await(test.engine().submit(chain));

    assertThat(status.started()).contains(BEGINNING);
    assertThat(status.ended()).contains(BEGINNING.plusSeconds(2));
    assertThat(test.clock().instant()).isEqualTo(BEGINNING.plusSeconds(2));
  }

  @Test
  void theSameTestDoesTheSameEachTime() throws Exception {
    List<String> first = eventsOfAWildRun(7);

    assertThat(eventsOfAWildRun(7)).isEqualTo(first);
    assertThat(first).hasSizeGreaterThan(100);
  }

  private static List<String> eventsOfAWildRun(long seed) throws Exception {
    try (TestEngine engine =
        TestEngine.builder().seed(seed).nodeCapacity(Resources.cpus(3)).build()) {
      engine.script().all().exits(1).then().isLost().then().succeeds();
      TaskDescription.Builder task = program().instances(20).retry(RetryPolicy.retries(3));
      engine.engine().await(engine.engine().submit(job("a", task)));
      return engine.eventLog();
    }
  }

  @Test
  void capacityHoldsInstancesBack() throws Exception {
    try (TestEngine small = TestEngine.builder().cluster("two", 2, Resources.cpus(1)).build()) {
      TaskDescription.Builder task =
          program().instances(6).placement(new Placement.OnCluster(new ClusterName("two")));
      small.script().task("a").succeeds().after(Duration.ofHours(1));

      JobId job = small.engine().submit(job("a", task));
      small.advance(Duration.ofMinutes(90));

      assertThat(small.engine().job(job).instances().finished()).isEqualTo(2);
      assertThat(small.engine().job(job).instances().running()).isEqualTo(2);
      small.engine().await(job);
      assertThat(small.elapsed()).isEqualTo(Duration.ofHours(3));
    }
  }

  @Test
  void whatTheExecutorDoesNotDeclareIsRefusedAtSubmit() {
    Set<Capability> few = EnumSet.of(Capability.PROGRAMS);
    try (TestEngine poor = TestEngine.builder().capabilities(few).build()) {
      JobDescription absolute = job("a", program().input("oss://b/in/", "/in/"));

      assertThatThrownBy(() -> poor.engine().submit(absolute))
          .isInstanceOf(ValidationException.class)
          .hasMessageContaining("cannot show the absolute path");
    }
  }

  @Test
  void timeStandsStillUntilSomebodyWaits() {
    test.script().task("a").succeeds().after(FORTY_MINUTES);
    JobId job = test.engine().submit(job("a", program()));

    assertThat(test.elapsed()).isZero();
    test.advance(FORTY_MINUTES.minusNanos(1));
    assertThat(test.engine().job(job).state()).isEqualTo(State.RUNNING);
    test.advance(Duration.ofNanos(1));
    assertThat(test.engine().job(job).isOver()).isTrue();
  }

  @Test
  void runUntilIdleGoesNoFurtherThanTheLastJob() {
    JobId job = test.engine().submit(job("a", program()));

    test.runUntilIdle();

    assertThat(test.engine().job(job).isOver()).isTrue();
    assertThat(test.elapsed()).isEqualTo(Duration.ofSeconds(1));
    test.runUntilIdle();
    assertThat(test.elapsed()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void waitingForSomeTimeLetsThatMuchPass() throws Exception {
    test.script().task("a").runsForever();
    JobId job = test.engine().submit(job("a", program()));

    assertThat(test.engine().await(job, Duration.ofMinutes(3))).isEmpty();
    assertThat(test.elapsed()).isEqualTo(Duration.ofMinutes(3));
  }

  @Test
  void promisesLetTimePass() throws Exception {
    test.script().task("a").succeeds().after(FORTY_MINUTES);
    JobId job = test.engine().submit(job("a", program()));
    CompletableFuture<State> state =
        test.engine().whenOver(job).thenApply(JobStatus::state).toCompletableFuture();

    assertThatThrownBy(() -> state.get(1, TimeUnit.MINUTES)).isInstanceOf(TimeoutException.class);
    assertThat(test.elapsed()).isEqualTo(Duration.ofMinutes(1));
    assertThat(state.join()).isEqualTo(State.FINISHED);
    assertThat(test.engine().whenOver(job).toCompletableFuture().get().state())
        .isEqualTo(State.FINISHED);
    assertThat(test.elapsed()).isEqualTo(FORTY_MINUTES);
  }

  @Test
  void aPromiseThatNobodyKeepsIsNotWaitedForInVain() {
    CompletableFuture<String> nobody = new VirtualPromise<>(timeOf(test));

    assertThatThrownBy(nobody::join).hasMessageContaining("nothing is left to happen");
  }

  private static VirtualTime timeOf(TestEngine engine) {
    return engine.time();
  }

  @Test
  void aProgramThatRunsTooLongTimesOut() throws Exception {
    test.script().task("a").runsForever().times(1).then().succeeds();
    TaskDescription.Builder task =
        program().timeout(Duration.ofMinutes(10)).retry(RetryPolicy.retries(1));

    JobId job = test.engine().submit(job("a", task));

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    AttemptStatus first = test.engine().attempts(instance(job, "a", 0)).get(0);
    assertThat(first.outcome()).contains(new Outcome.TimedOut(Duration.ofMinutes(10)));
    assertThat(first.ended()).contains(BEGINNING.plus(Duration.ofMinutes(10)));
  }

  @Test
  void aProgramThatIgnoresItsCancellationIsEndedWhenTheGraceIsOver() throws Exception {
    test.script().task("a").runsForever().ignoringCancellation();
    JobId job = test.engine().submit(job("a", program()));
    test.advance(Duration.ofMinutes(1));

    test.engine().stop(job);

    assertThat(test.engine().await(job).state()).isEqualTo(State.STOPPED);
    assertThat(test.elapsed()).isEqualTo(Duration.ofSeconds(70));
  }

  @Test
  void aStoppedJobCanBeRestarted() throws Exception {
    test.script().task("a").runsForever().times(1).then().succeeds();
    JobId job = test.engine().submit(job("a", program()));
    test.advance(Duration.ofMinutes(1));
    test.engine().stop(job);
    assertThat(test.engine().await(job).state()).isEqualTo(State.STOPPED);
    assertThat(test.elapsed()).isEqualTo(Duration.ofMinutes(1));

    test.engine().restart(job);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(test.engine().attempts(instance(job, "a", 0)))
        .extracting(attempt -> attempt.outcome().orElseThrow())
        .containsExactly(new Outcome.Cancelled(), new Outcome.Exited(0));
    test.engine().delete(job);
    assertThatThrownBy(() -> test.engine().job(job))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
  }
}
