package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.job.Condition;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.RetryDelay;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Tolerance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tasks of which each instance waits for the one of the same index before it. */
class PerInstanceTest extends TestEngineCase {
  private static final Duration HOUR = Duration.ofHours(1);

  private State stateOf(JobId job, String task) {
    return test.engine().task(job, new TaskName(task)).state();
  }

  private List<State> instances(JobId job, String task) {
    return test.engine().instances(job, new TaskName(task), InstanceQuery.all()).items().stream()
        .map(InstanceStatus::state)
        .toList();
  }

  private Duration beginning(JobId job, String task, int index) {
    Instant began = test.engine().instance(instance(job, task, index)).started().orElseThrow();
    return Duration.between(BEGINNING, began);
  }

  private static TaskDescription.Builder after(String before) {
    return program().instances(3).perInstance(before);
  }

  /** Three shards, aligned and then sorted. */
  private static JobDescription.Builder pipeline(TaskDescription.Builder align) {
    return JobDescription.builder("job")
        .task("align", align.instances(3).build())
        .task("sort", after("align").build())
        .dependency("align", "sort");
  }

  @Test
  void anInstanceWaitsForThatOfItsIndexOnly() throws Exception {
    test.script().task("align").succeeds().after(HOUR);
    test.script().task("align").instance(1).succeeds().after(Duration.ofMinutes(1));
    JobId job = test.engine().submit(pipeline(program()).build());
    test.advance(Duration.ofSeconds(30));
    assertThat(stateOf(job, "sort")).isEqualTo(State.WAITING);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(beginning(job, "sort", 1)).isLessThan(Duration.ofMinutes(2));
    assertThat(beginning(job, "sort", 0)).isGreaterThanOrEqualTo(HOUR);
    assertThat(beginning(job, "sort", 2)).isGreaterThanOrEqualTo(HOUR);
  }

  @Test
  void aRetryDelaysOnlyItsShard() throws Exception {
    test.script().task("align").instance(0).exits(1).then().succeeds();
    TaskDescription.Builder align =
        program().retry(RetryPolicy.retries(1).pausing(HOUR, HOUR.multipliedBy(2)));
    JobId job = test.engine().submit(pipeline(align).build());

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(beginning(job, "sort", 0)).isGreaterThan(HOUR.dividedBy(2));
    assertThat(beginning(job, "sort", 2)).isLessThan(Duration.ofMinutes(1));
    assertThat(RetryDelay.USUAL.first()).isLessThan(HOUR);
  }

  @Test
  void anInstanceThatCannotRunIsLeftOutAndItsTaskFinishes() throws Exception {
    test.script().task("align").instance(1).exits(1);
    JobId job =
        test.engine()
            .submit(
                pipeline(program().tolerance(Tolerance.ofInstances(1)))
                    .task("merge", program().build())
                    .dependency("sort", "merge")
                    .build());

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(stateOf(job, "align")).isEqualTo(State.FINISHED);
    assertThat(instances(job, "sort"))
        .containsExactly(State.FINISHED, State.STOPPED, State.FINISHED);
    assertThat(stateOf(job, "sort")).isEqualTo(State.FINISHED);
    assertThat(stateOf(job, "merge")).isEqualTo(State.FINISHED);
  }

  @Test
  void whatIsLeftOutLeavesOutWhatFollowsInItsShard() throws Exception {
    test.script().task("align").instances(0, 1).exits(1);
    JobId job =
        test.engine()
            .submit(
                pipeline(program())
                    .failOnInstanceFail(false)
                    .task("index", after("sort").build())
                    .dependency("sort", "index")
                    .build());

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(stateOf(job, "align")).isEqualTo(State.FAILED);
    assertThat(instances(job, "index"))
        .containsExactly(State.STOPPED, State.STOPPED, State.FINISHED);
    assertThat(stateOf(job, "index")).isEqualTo(State.FINISHED);
  }

  @Test
  void aTaskOfWhichNothingCouldRunIsStopped() throws Exception {
    test.script().task("align").exits(1);
    JobId job =
        test.engine()
            .submit(
                pipeline(program())
                    .failOnInstanceFail(false)
                    .task("report", program().condition("sort", Condition.ALWAYS).build())
                    .task("merge", program().build())
                    .dependency("sort", "report")
                    .dependency("sort", "merge")
                    .build());

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(stateOf(job, "sort")).isEqualTo(State.STOPPED);
    assertThat(stateOf(job, "merge")).isEqualTo(State.STOPPED);
    assertThat(stateOf(job, "report")).isEqualTo(State.FINISHED);
  }

  /** A task before is left out as a whole: so is all of the pipeline behind it. */
  @Test
  void aTaskThatIsLeftOutLeavesOutThoseThatWaitForItsInstances() throws Exception {
    JobId job =
        test.engine()
            .submit(
                JobDescription.builder("job")
                    .failOnInstanceFail(false)
                    .task("check", program().build())
                    .task(
                        "align",
                        program().instances(3).condition("check", Condition.FAILURE).build())
                    .task("sort", after("align").build())
                    .dependency("check", "align")
                    .dependency("align", "sort")
                    .build());

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(stateOf(job, "align")).isEqualTo(State.STOPPED);
    assertThat(stateOf(job, "sort")).isEqualTo(State.STOPPED);
  }

  @Test
  void allThatAnInstanceWaitsForMustHold() throws Exception {
    test.script().task("align").succeeds().after(Duration.ofMinutes(1));
    test.script().task("filter").succeeds().after(Duration.ofMinutes(3));
    test.script().task("filter").instance(0).succeeds().after(Duration.ofMinutes(2));
    test.script().task("index").succeeds().after(Duration.ofMinutes(2));
    JobId job =
        test.engine()
            .submit(
                JobDescription.builder("job")
                    .task("align", program().instances(3).build())
                    .task("filter", program().instances(3).build())
                    .task("index", program().build())
                    .task("call", after("align").perInstance("filter").build())
                    .dependency("align", "call")
                    .dependency("filter", "call")
                    .dependency("index", "call")
                    .build());

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(beginning(job, "call", 0)).isBetween(Duration.ofMinutes(2), Duration.ofSeconds(150));
    assertThat(beginning(job, "call", 1)).isBetween(Duration.ofMinutes(3), Duration.ofSeconds(210));
  }

  @ParameterizedTest
  @EnumSource(
      value = FailurePolicy.class,
      names = {"STOP_AT_ONCE", "FINISH_RUNNING"})
  void aRestartGoesOnWithWhatHadNotFinished(FailurePolicy policy) throws Exception {
    test.script().task("align").instance(1).exits(1).then().succeeds();
    test.script().task("align").instance(2).succeeds().after(Duration.ofMinutes(1));
    JobId job = test.engine().submit(pipeline(program()).onFailure(policy).build());
    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);
    assertThat(stateOf(job, "sort")).isEqualTo(State.STOPPED);

    test.engine().restart(job);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(instances(job, "sort")).containsOnly(State.FINISHED).hasSize(3);
    assertThat(test.engine().attempts(instance(job, "align", 0))).hasSize(1);
  }

  /** What was left out has its turn when what it waited for is tried again. */
  @Test
  void aRestartRunsWhatWasLeftOut() throws Exception {
    test.script().task("align").instance(1).exits(1).then().succeeds();
    test.script().task("long").succeeds().after(HOUR);
    JobId job =
        test.engine()
            .submit(
                pipeline(program())
                    .failOnInstanceFail(false)
                    .task("long", program().build())
                    .build());
    test.advance(Duration.ofMinutes(1));
    assertThat(stateOf(job, "align")).isEqualTo(State.FAILED);
    assertThat(stateOf(job, "sort")).isEqualTo(State.FINISHED);
    test.engine().stop(job);
    assertThat(test.engine().await(job).state()).isEqualTo(State.STOPPED);

    test.engine().restart(job);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(instances(job, "sort")).containsOnly(State.FINISHED).hasSize(3);
    assertThat(test.engine().attempts(instance(job, "sort", 0))).hasSize(1);
  }

  @Test
  void aCrashForgetsNeitherWhatMayBeginNorWhatCannot() throws Exception {
    test.script().task("align").succeeds().after(HOUR);
    test.script().task("align").instance(0).exits(1).after(Duration.ofMinutes(1));
    test.script().task("align").instance(1).succeeds().after(Duration.ofMinutes(1));
    test.script().task("sort").succeeds().after(Duration.ofMinutes(5));
    JobId job =
        test.engine().submit(pipeline(program().tolerance(Tolerance.ofInstances(1))).build());
    test.advance(Duration.ofMinutes(2));
    assertThat(instances(job, "sort")).containsExactly(State.WAITING, State.RUNNING, State.WAITING);
    test.crashHost();
    test.restartHost();

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(instances(job, "sort"))
        .containsExactly(State.STOPPED, State.FINISHED, State.FINISHED);
    assertThat(test.engine().attempts(instance(job, "sort", 1))).hasSize(1);
  }
}
