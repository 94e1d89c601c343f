package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.AttemptStatus;
import dev.windlass.InstanceQuery;
import dev.windlass.InstanceStatus;
import dev.windlass.JobOperation;
import dev.windlass.job.Condition;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.job.Tolerance;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What runs again when a part of a job is restarted, and what stays. */
class PartialRestartTest extends TestEngineCase {
  private static final JobOperation FAILED = new JobOperation.RestartFailed();

  private static JobOperation from(String task) {
    return new JobOperation.RestartFrom(new TaskName(task));
  }

  private static TaskDescription.Builder once() {
    return program().retry(RetryPolicy.retries(0));
  }

  private JobId run(JobDescription.Builder job) throws Exception {
    JobId id = test.engine().submit(job.build());
    test.engine().await(id);
    return id;
  }

  private State again(JobId job, JobOperation operation) throws Exception {
    test.engine().manage(job, operation, "");
    return test.engine().await(job).state();
  }

  /** How often each instance of a task was tried. */
  private List<Integer> tried(JobId job, String task) {
    return test.engine().instances(job, new TaskName(task), InstanceQuery.all()).items().stream()
        .map(instance -> test.engine().attempts(instance.id()).size())
        .toList();
  }

  private List<State> states(JobId job, String task) {
    return test.engine().instances(job, new TaskName(task), InstanceQuery.all()).items().stream()
        .map(InstanceStatus::state)
        .toList();
  }

  private static JobDescription.Builder chain() {
    return JobDescription.builder("job")
        .task("a", once().instances(2).build())
        .task("b", once().instances(2).build())
        .task("c", once().build())
        .task("beside", once().build())
        .dependency("a", "b")
        .dependency("b", "c");
  }

  @Test
  void aTaskAndAllAfterItRunAgainAndNothingElse() throws Exception {
    JobId job = run(chain());

    assertThat(again(job, from("b"))).isEqualTo(State.FINISHED);

    assertThat(tried(job, "a")).containsExactly(1, 1);
    assertThat(tried(job, "beside")).containsExactly(1);
    assertThat(tried(job, "b")).containsExactly(2, 2);
    assertThat(tried(job, "c")).containsExactly(2);
    assertThat(test.engine().attempts(instance(job, "b", 0)))
        .extracting(AttemptStatus::id)
        .containsExactly(instance(job, "b", 0).attempt(1), instance(job, "b", 0).attempt(2));
  }

  @Test
  void whatDidNotFinishElsewhereRunsAgainToo() throws Exception {
    test.script().task("beside").attempt(1).exits(1).after(Duration.ofMinutes(1));
    JobId job = run(chain());
    assertThat(test.engine().job(job).state()).isEqualTo(State.FAILED);

    assertThat(again(job, from("c"))).isEqualTo(State.FINISHED);

    assertThat(tried(job, "beside")).containsExactly(2);
    assertThat(tried(job, "b")).containsExactly(1, 1);
    assertThat(tried(job, "c")).containsExactly(2);
  }

  @Test
  void whatRunsAgainIsDoneInOrderAlsoAfterACrash() {
    JobId job = test.engine().submit(chain().build());
    test.advance(Duration.ofMinutes(1));
    test.script().task("a").attempt(2).succeeds().after(Duration.ofHours(1));
    test.engine().manage(job, from("a"), "");
    test.advance(Duration.ofMinutes(1));
    assertThat(states(job, "b")).containsExactly(State.WAITING, State.WAITING);

    test.crashHost();
    test.restartHost();
    test.advance(Duration.ofHours(2));

    assertThat(test.engine().job(job).state()).isEqualTo(State.FINISHED);
    assertThat(tried(job, "b")).containsExactly(2, 2);
    assertThat(tried(job, "c")).containsExactly(2);
  }

  @Test
  void instancesThatWaitForOthersByTheirIndexWaitAgain() throws Exception {
    JobDescription.Builder pipeline =
        JobDescription.builder("job")
            .task("a", once().instances(3).build())
            .task("b", once().instances(3).perInstance("a").build())
            .dependency("a", "b");
    JobId job = run(pipeline);
    test.script().task("a").instance(1).attempt(2).succeeds().after(Duration.ofHours(1));
    test.engine().manage(job, from("a"), "");
    test.advance(Duration.ofMinutes(1));

    assertThat(states(job, "b")).containsExactly(State.FINISHED, State.WAITING, State.FINISHED);
    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(tried(job, "b")).containsExactly(2, 2, 2);
  }

  @Test
  void theFinalTaskAloneCanRunAgain() throws Exception {
    JobId job = run(chain().task("last", once().build()).finalTask("last"));

    assertThat(again(job, from("last"))).isEqualTo(State.FINISHED);

    assertThat(tried(job, "last")).containsExactly(2);
    assertThat(tried(job, "a")).containsExactly(1, 1);
    assertThat(tried(job, "c")).containsExactly(1);
  }

  @Test
  void failuresThatWereToleratedRunAgainInAJobThatHasFinished() throws Exception {
    test.script().task("a").instance(1).attempt(1).exits(1);
    JobId job =
        run(
            JobDescription.builder("job")
                .task("a", once().instances(3).tolerance(Tolerance.ofInstances(1)).build())
                .task("b", once().instances(3).perInstance("a").build())
                .task("c", once().build())
                .dependency("a", "b")
                .dependency("a", "c"));
    assertThat(test.engine().job(job).state()).isEqualTo(State.FINISHED);
    assertThat(states(job, "b")).containsExactly(State.FINISHED, State.STOPPED, State.FINISHED);

    assertThat(again(job, FAILED)).isEqualTo(State.FINISHED);

    assertThat(tried(job, "a")).containsExactly(1, 2, 1);
    assertThat(tried(job, "b")).containsExactly(1, 1, 1); // the one that was left out has its turn
    assertThat(tried(job, "c")).containsExactly(1);
    assertThat(test.engine().job(job).instances().failed()).isZero();
  }

  @Test
  void whatWasLeftOutBecauseOfAFailureHasItsTurn() throws Exception {
    test.script().task("a").attempt(1).exits(1);
    JobId job =
        run(
            JobDescription.builder("job")
                .onFailure(FailurePolicy.GO_ON)
                .task("a", once().build())
                .task("b", once().condition("a", Condition.SUCCESS).build())
                .task("c", once().build())
                .dependency("a", "b"));
    assertThat(states(job, "b")).containsExactly(State.STOPPED);

    assertThat(again(job, FAILED)).isEqualTo(State.FINISHED);

    assertThat(states(job, "b")).containsExactly(State.FINISHED);
    assertThat(tried(job, "c")).containsExactly(1);
  }
}
