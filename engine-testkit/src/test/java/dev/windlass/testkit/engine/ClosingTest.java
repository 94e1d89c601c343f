package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.Closing;
import dev.windlass.InstanceStatus;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of running work when the engine is closed, and of the jobs afterwards. */
@Timeout(60)
class ClosingTest {
  private static final TaskName WORK = new TaskName("work");

  /** Each program runs for an hour on one of two processors, and no failure is forgiven. */
  private final TestEngine test = TestEngine.builder().nodeCapacity(Resources.cpus(2)).build();

  ClosingTest() {
    test.script().task("work").succeeds().after(Duration.ofHours(1));
  }

  @AfterEach
  void close() {
    test.close();
  }

  private JobId submit(int instances) {
    TaskDescription task =
        TaskDescription.builder(Command.of("prog"))
            .instances(instances)
            .retry(RetryPolicy.NONE)
            .build();
    return test.engine().submit(JobDescription.builder("job").task("work", task).build());
  }

  private InstanceStatus instance(JobId job, int index) {
    return test.engine().instance(new InstanceId(job, WORK, index));
  }

  /** Closes, opens again, and lets the job come to its end. */
  private Duration close(Closing how) {
    Duration before = test.elapsed();
    test.engine().shutDown(how);
    Duration took = test.elapsed().minus(before);
    test.restartHost();
    return took;
  }

  private void assertFinishes(JobId job) {
    test.runUntilIdle();
    assertThat(test.engine().job(job).state()).isEqualTo(State.FINISHED);
  }

  @Test
  void whatIsDetachedGoesOnAndIsNotRepeated() {
    JobId job = submit(3);
    test.advance(Duration.ofMinutes(30));

    assertThat(close(Closing.detach())).isLessThan(Duration.ofMinutes(1));

    assertFinishes(job);
    for (int index = 0; index < 3; index++) {
      assertThat(instance(job, index).attempts()).isEqualTo(1);
    }
  }

  @Test
  void aDrainLetsFinishWhatRunsAndBeginsNothing() {
    JobId job = submit(3);
    test.advance(Duration.ofMinutes(30));

    assertThat(close(Closing.drain(Duration.ofSeconds(Long.MAX_VALUE))))
        .isLessThan(Duration.ofMinutes(31));

    assertThat(instance(job, 0).state()).isEqualTo(State.FINISHED);
    assertThat(instance(job, 1).state()).isEqualTo(State.FINISHED);
    assertThat(instance(job, 2).attempts()).isZero();
    assertFinishes(job);
  }

  @Test
  void aDrainEndsWhatStillRunsWhenItsTimeIsOver() {
    JobId job = submit(2);
    test.advance(Duration.ofMinutes(30));

    assertThat(close(Closing.drain(Duration.ofMinutes(10))))
        .isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));

    assertFinishes(job);
    assertThat(test.engine().attempts(new InstanceId(job, WORK, 0)))
        .extracting(attempt -> attempt.outcome().orElseThrow())
        .containsExactly(new Outcome.Lost("the engine was closed"), new Outcome.Exited(0));
    assertThat(instance(job, 0).retries()).isZero();
  }

  @Test
  void nothingIsLeftOfWhatIsKilledAndItBeginsAnew() {
    JobId job = submit(3);
    test.advance(Duration.ofMinutes(30));

    assertThat(close(Closing.kill())).isLessThan(Duration.ofMinutes(1));

    assertFinishes(job);
    assertThat(instance(job, 0).attempts()).isEqualTo(2);
    assertThat(instance(job, 2).attempts()).isEqualTo(1);
    assertThat(instance(job, 0).retries()).isZero();
  }

  /**
   * At any moment, in any way, again and again: the job ends well, and what was done stays done.
   */
  @Test
  void aJobComesToItsEndHoweverOftenAndWheneverTheEngineIsClosed() {
    Random random = new Random(17);
    JobId job = submit(12);
    int finished = 0;
    for (int i = 0; i < 30; i++) {
      test.advance(Duration.ofMinutes(random.nextInt(50)));
      close(
          switch (random.nextInt(3)) {
            case 0 -> Closing.detach();
            case 1 -> Closing.drain(Duration.ofMinutes(random.nextInt(40)));
            default -> Closing.kill();
          });
      int now = (int) test.engine().job(job).instances().finished();
      assertThat(now).isGreaterThanOrEqualTo(finished);
      finished = now;
    }
    assertFinishes(job);
    for (int index = 0; index < 12; index++) {
      assertThat(instance(job, index).retries()).isZero();
      assertThat(instance(job, index).outcome()).contains(new Outcome.Exited(0));
    }
  }
}
