package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.cluster.InstanceTypes;
import dev.windlass.error.ErrorCode;
import dev.windlass.error.Fault;
import dev.windlass.error.ValidationException;
import dev.windlass.job.Command;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.MemoryRetry;
import dev.windlass.job.Placement;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task with an AutoCluster has what its instance type says, and no more. */
@Timeout(60)
class AutoClusterTest {
  private static final long GIB = 1L << 30;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Resources EIGHT = Resources.cpus(8).withMemory(32 * GIB);

  private static TestEngineBuilder engine() {
    return TestEngine.builder().nodeCapacity(EIGHT);
  }

  private static TaskDescription.Builder work(String type) {
    return TaskDescription.builder(Command.of("prog")).placement(Placement.AutoCluster.of(type));
  }

  private static JobDescription job(TaskDescription.Builder task) {
    return JobDescription.builder("job").task("work", task.build()).build();
  }

  private static long running(TestEngine test, JobId job) {
    return test.engine().job(job).instances().running();
  }

  private static Fault refused(TestEngine test, JobDescription job) {
    try {
      throw new AssertionError("accepted as " + test.engine().submit(job));
    } catch (ValidationException e) {
      assertThat(e.faults()).hasSize(1);
      return e.faults().get(0);
    }
  }

  @Test
  void asManyInstancesRunAtOnceAsMachinesOfTheTypeFit() {
    try (TestEngine test = engine().build()) {
      test.script().task("work").succeeds().after(HOUR);
      JobId byCpus = test.engine().submit(job(work("ecs.sn1.medium").instances(9)));
      test.advance(Duration.ofMinutes(1));
      assertThat(running(test, byCpus)).isEqualTo(4);

      test.runUntilIdle();
      JobId byMemory = test.engine().submit(job(work("ecs.r5.large").instances(9)));
      test.advance(Duration.ofMinutes(1));
      assertThat(running(test, byMemory)).isEqualTo(2);
    }
  }

  @Test
  void whatTheTaskSaysItselfWinsOverTheType() throws Exception {
    try (TestEngine test = engine().build()) {
      test.script().task("work").succeeds().after(HOUR);
      JobId job =
          test.engine()
              .submit(job(work("ecs.sn1.medium").instances(9).resources(Resources.cpus(1))));
      test.advance(Duration.ofMinutes(1));
      assertThat(running(test, job)).isEqualTo(8);

      JobId unknown = test.engine().submit(job(work("no.such").resources(Resources.cpus(1))));
      assertThat(test.engine().await(unknown).state()).isEqualTo(State.FINISHED);
    }
  }

  @Test
  void anUnknownTypeIsRefusedWithTheNearestOneAndTheWayToAddIt() {
    try (TestEngine test = engine().build()) {
      Fault fault = refused(test, job(work("ecs.sn1.medum")));
      assertThat(fault.code()).isEqualTo(ErrorCode.REFERENCE);
      assertThat(fault.path()).isEqualTo("$.DAG.Tasks.work.AutoCluster.InstanceType");
      assertThat(fault.value()).isEqualTo("ecs.sn1.medum");
      assertThat(fault.rule())
          .contains("did you mean 'ecs.sn1.medium'?")
          .contains("EngineBuilder.instanceTypes");
    }
  }

  @Test
  void aTypeLargerThanAnyNodeIsRefused() {
    try (TestEngine test = engine().build()) {
      Fault fault = refused(test, job(work("ecs.g5.4xlarge")));
      assertThat(fault.code()).isEqualTo(ErrorCode.UNSATISFIABLE);
      assertThat(fault.path()).isEqualTo("$.DAG.Tasks.work.AutoCluster.InstanceType");
      assertThat(fault.value()).startsWith("ecs.g5.4xlarge: 16 cpus");
    }
    try (TestEngine small = engine().instanceTypes(InstanceTypes.builtIn().atMost(EIGHT)).build()) {
      assertThat(small.engine().submit(job(work("ecs.g5.4xlarge")))).isNotNull();
    }
  }

  @Test
  void aTypeSaysHowMuchMemoryARetryBeginsWith() {
    RetryPolicy more = RetryPolicy.NONE.withMemory(new MemoryRetry(2, 100, 8 * GIB));
    InstanceTypes types = InstanceTypes.builtIn().with("none", Resources.cpus(1));
    try (TestEngine test = engine().instanceTypes(types).build()) {
      assertThat(test.engine().submit(job(work("ecs.sn1.medium").retry(more)))).isNotNull();

      Fault none = refused(test, job(work("none").retry(more)));
      assertThat(none.code()).isEqualTo(ErrorCode.REQUIRED);
      assertThat(none.path()).endsWith(".AutoCluster.InstanceType");

      Fault most = refused(test, job(work("ecs.sn2.large").retry(more)));
      assertThat(most.code()).isEqualTo(ErrorCode.RANGE);
      assertThat(most.path()).endsWith(".windlass.retry.memory.maxBytes");
    }
  }

  /** The meaning of "half" after the restart is twice what it was. */
  @Test
  void aNewMeaningCountsForWhatHasNotBegunAndWhatRunsKeepsWhatItBooked() {
    InstanceTypes before = InstanceTypes.none().with("half", Resources.cpus(4).withMemory(GIB));
    InstanceTypes after = InstanceTypes.none().with("half", new Resources(8_000, 2 * GIB, 0));
    try (TestEngine test = engine().instanceTypes(before).build()) {
      test.script().task("work").succeeds().after(HOUR);
      JobId job = test.engine().submit(job(work("half").instances(4)));
      test.advance(Duration.ofMinutes(1));
      assertThat(running(test, job)).isEqualTo(2);

      test.crashHost();
      test.restartHostWith(after);
      test.advance(Duration.ofMinutes(1));
      // Both are still booked with four: two of eight would be more than the node, and one of them
      // taken for eight would give back what it never had.
      assertThat(running(test, job)).isEqualTo(2);
      test.advance(HOUR);
      assertThat(running(test, job)).isEqualTo(1);
      test.runUntilIdle();
      assertThat(test.engine().job(job).state()).isEqualTo(State.FINISHED);
    }
  }

  @Test
  void anAcceptedJobWhoseTypeIsGoneGoesOnWithAProcessor() {
    InstanceTypes before = InstanceTypes.none().with("half", Resources.cpus(4));
    try (TestEngine test = engine().instanceTypes(before).build()) {
      test.script().task("work").succeeds().after(HOUR);
      JobId job = test.engine().submit(job(work("half").instances(20)));
      test.advance(Duration.ofMinutes(1));
      test.crashHost();
      test.restartHostWith(InstanceTypes.none());

      test.advance(HOUR);

      assertThat(running(test, job)).isEqualTo(8);
      assertThatThrownBy(() -> test.engine().submit(job(work("half"))))
          .isInstanceOf(ValidationException.class);
    }
  }
}
