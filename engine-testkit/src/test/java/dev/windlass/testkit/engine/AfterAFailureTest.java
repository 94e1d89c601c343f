package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobStatus;
import dev.windlass.job.Condition;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Resources;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Tolerance;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job does when some of it fails: conditions, tolerance and policy. */
class AfterAFailureTest extends TestEngineCase {

  private State stateOf(JobId job, String task) {
    return test.engine().task(job, new TaskName(task)).state();
  }

  private List<State> instances(JobId job, String task) {
    return test.engine().instances(job, new TaskName(task), InstanceQuery.all()).items().stream()
        .map(InstanceStatus::state)
        .toList();
  }

  /** Two tasks, the second of which waits for the first under a condition. */
  private static JobDescription pair(FailurePolicy policy, String condition) {
    TaskDescription.Builder second = program();
    if (!condition.isEmpty()) {
      second.condition("first", Condition.valueOf(condition));
    }
    return JobDescription.builder("job")
        .onFailure(policy)
        .task("first", program().build())
        .task("second", second.build())
        .dependency("first", "second")
        .build();
  }

  @ParameterizedTest
  @CsvSource({
    // how the first ends, condition (none: the default), what becomes of the second
    "0, '', FINISHED",
    "1, '', FINISHED", // as the service has it
    "0, SUCCESS, FINISHED",
    "1, SUCCESS, STOPPED",
    "0, FAILURE, STOPPED",
    "1, FAILURE, FINISHED",
    "0, ALWAYS, FINISHED",
    "1, ALWAYS, FINISHED"
  })
  void aTaskRunsIfThoseBeforeItEndedAsItWants(int exitCode, String condition, State second)
      throws Exception {
    test.script().task("first").exits(exitCode);

    JobId job = test.engine().submit(pair(FailurePolicy.GO_ON, condition));
    JobStatus status = test.engine().await(job);

    assertThat(status.state()).isEqualTo(State.FINISHED);
    assertThat(stateOf(job, "first")).isEqualTo(exitCode == 0 ? State.FINISHED : State.FAILED);
    assertThat(stateOf(job, "second")).isEqualTo(second);
    assertThat(instances(job, "second")).containsExactly(second);
  }

  @Test
  void whatIsLeftOutLeavesOutWhatFollowsUnlessItRunsAlways() throws Exception {
    JobId job =
        test.engine()
            .submit(
                JobDescription.builder("job")
                    .onFailure(FailurePolicy.GO_ON)
                    .task("a", program().build())
                    .task("onFailure", program().condition("a", Condition.FAILURE).build())
                    .task("next", program().build())
                    .task("cleanUp", program().condition("next", Condition.ALWAYS).build())
                    .dependency("a", "onFailure")
                    .dependency("onFailure", "next")
                    .dependency("next", "cleanUp")
                    .build());

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(stateOf(job, "onFailure")).isEqualTo(State.STOPPED);
    assertThat(stateOf(job, "next")).isEqualTo(State.STOPPED);
    assertThat(stateOf(job, "cleanUp")).isEqualTo(State.FINISHED);
  }

  @ParameterizedTest
  @CsvSource({"2, 0, FINISHED", "1, 0, FAILED", "0, 20, FINISHED", "0, 19, FAILED"})
  void aTaskFinishesIfNoMoreInstancesFailThanItTolerates(int instances, int percent, State end)
      throws Exception {
    test.script().task("scan").instances(3, 4).exits(1);
    TaskDescription.Builder scan =
        program().instances(10).tolerance(new Tolerance(instances, percent));

    JobId job = test.engine().submit(job("scan", scan));

    assertThat(test.engine().await(job).state()).isEqualTo(end);
    assertThat(stateOf(job, "scan")).isEqualTo(end);
    if (end == State.FINISHED) {
      assertThat(instances(job, "scan")).filteredOn(State.FAILED::equals).hasSize(2);
    }
  }

  /** What a finished task tolerated is not tried again. */
  @Test
  void aRestartLeavesAFinishedTaskAsItIs() throws Exception {
    test.script().task("scan").instance(0).exits(1);
    test.script().task("next").exits(1).then().succeeds();
    JobDescription description =
        JobDescription.builder("job")
            .task("scan", program().instances(2).tolerance(Tolerance.ofInstances(1)).build())
            .task("next", program().build())
            .dependency("scan", "next")
            .build();
    JobId job = test.engine().submit(description);
    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);

    test.engine().restart(job);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(instances(job, "scan")).containsExactly(State.FAILED, State.FINISHED);
    assertThat(test.engine().attempts(instance(job, "scan", 0))).hasSize(1);
  }

  /** One fails after a minute, two others run for an hour, the rest waits for room. */
  private JobId failing(FailurePolicy policy) {
    test.script().task("work").succeeds().after(Duration.ofHours(1));
    test.script().task("work").instance(0).exits(1).after(Duration.ofMinutes(1));
    TaskDescription.Builder work =
        program().instances(9).maxRunning(3).retry(RetryPolicy.NONE).resources(Resources.cpus(1));
    return test.engine()
        .submit(
            JobDescription.builder("job")
                .onFailure(policy)
                .task("work", work.build())
                .task("next", program().build())
                .dependency("work", "next")
                .build());
  }

  @Test
  void whatRunsIsEndedAtOnce() throws Exception {
    JobId job = failing(FailurePolicy.STOP_AT_ONCE);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);
    assertThat(test.elapsed()).isLessThan(Duration.ofMinutes(2));
    assertThat(instances(job, "work")).startsWith(State.FAILED).doesNotContain(State.FINISHED);
  }

  @Test
  void whatRunsMayFinishAndNothingNewBegins() throws Exception {
    JobId job = failing(FailurePolicy.FINISH_RUNNING);

    JobStatus status = test.engine().await(job);

    assertThat(status.state()).isEqualTo(State.FAILED);
    assertThat(status.message()).contains("instance 0 of task 'work' failed");
    assertThat(test.elapsed()).isBetween(Duration.ofMinutes(60), Duration.ofMinutes(61));
    assertThat(instances(job, "work"))
        .startsWith(State.FAILED, State.FINISHED, State.FINISHED, State.STOPPED)
        .hasSize(9);
    assertThat(stateOf(job, "work")).isEqualTo(State.FAILED);
    assertThat(stateOf(job, "next")).isEqualTo(State.STOPPED);
  }

  @Test
  void theRestIsDoneAllTheSame() throws Exception {
    JobId job = failing(FailurePolicy.GO_ON);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(instances(job, "work")).filteredOn(State.FINISHED::equals).hasSize(8);
    assertThat(stateOf(job, "next")).isEqualTo(State.FINISHED);
  }
}
