package dev.windlass.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windlass.JobQuery;
import dev.windlass.JobStatus;
import dev.windlass.job.FailurePolicy;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskName;
import dev.windlass.testkit.script.ProgramEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The final task runs last, however its job ends. */
class FinalTaskTest extends TestEngineCase {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** What each attempt of the final task was told. */
  private final List<String> told = new ArrayList<>();

  private State stateOf(JobId job, String task) {
    return test.engine().task(job, new TaskName(task)).state();
  }

  /** Two tasks one after the other and a final one, which takes a minute. */
  private static JobDescription.Builder threeTasks() {
    return JobDescription.builder("job")
        .task("work", program().instances(3).build())
        .task("next", program().build())
        .task("cleanup", program().retry(RetryPolicy.retries(1)).build())
        .dependency("work", "next")
        .finalTask("cleanup");
  }

  private void cleanupEndsWith(int... exitCodes) {
    test.script()
        .task("cleanup")
        .does(
            run -> {
              Map<String, String> environment = run.environment();
              told.add(String.valueOf(environment.get("WINDLASS_JOB_STATE")));
              int call = Math.min(told.size(), exitCodes.length) - 1;
              return ProgramEnd.exited(exitCodes[call]).after(MINUTE);
            });
  }

  @Test
  void itRunsAfterAllOthersHaveFinished() throws Exception {
    cleanupEndsWith(0);
    test.script()
        .task("next")
        .does(
            run -> {
              assertThat(run.environment()).doesNotContainKey("WINDLASS_JOB_STATE");
              return ProgramEnd.exited(0).after(FORTY_MINUTES);
            });
    JobId job = test.engine().submit(threeTasks().build());
    test.advance(FORTY_MINUTES.plusSeconds(30));

    assertThat(stateOf(job, "cleanup")).isEqualTo(State.RUNNING);
    assertThat(test.engine().job(job).state()).isEqualTo(State.RUNNING);
    assertThat(test.engine().job(job).message())
        .isEqualTo("all other tasks have ended; it ends when its final task 'cleanup' has run");

    JobStatus status = test.engine().await(job);
    assertThat(status.state()).isEqualTo(State.FINISHED);
    assertThat(status.message()).isEmpty();
    assertThat(test.elapsed())
        .isBetween(FORTY_MINUTES.plus(MINUTE), FORTY_MINUTES.plus(MINUTE).plusSeconds(5));
    assertThat(told).containsExactly("Finished");
  }

  @Test
  void aJobThatFailsAtOnceEndsItsProgramsFirst() throws Exception {
    cleanupEndsWith(0);
    test.script().task("work").succeeds().after(Duration.ofHours(1));
    test.script().task("work").instance(0).exits(1).after(MINUTE);
    JobId job = test.engine().submit(threeTasks().build());
    test.advance(MINUTE.plusSeconds(30));

    assertThat(test.engine().job(job).state()).isEqualTo(State.RUNNING);
    assertThat(test.engine().job(job).message())
        .startsWith("failed: instance 0 of task 'work' failed")
        .endsWith("it ends when its final task 'cleanup' has run");
    assertThat(stateOf(job, "work")).isEqualTo(State.FAILED);
    assertThat(stateOf(job, "next")).isEqualTo(State.STOPPED);
    assertThat(stateOf(job, "cleanup")).isEqualTo(State.RUNNING);

    JobStatus status = test.engine().await(job);
    assertThat(status.state()).isEqualTo(State.FAILED);
    assertThat(status.message()).startsWith("instance 0 of task 'work' failed");
    assertThat(stateOf(job, "cleanup")).isEqualTo(State.FINISHED);
    assertThat(told).containsExactly("Failed");
  }

  @Test
  void aJobThatLetsFinishWhatRunsDoesSoFirst() throws Exception {
    cleanupEndsWith(0);
    test.script().task("work").succeeds().after(FORTY_MINUTES);
    test.script().task("work").instance(0).exits(1).after(MINUTE);
    JobId job = test.engine().submit(threeTasks().onFailure(FailurePolicy.FINISH_RUNNING).build());

    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);
    assertThat(test.elapsed()).isEqualTo(FORTY_MINUTES.plus(MINUTE));
    assertThat(test.engine().job(job).instances().finished()).isEqualTo(3);
    assertThat(told).containsExactly("Failed");
  }

  @Test
  void aJobThatGoesOnAfterAFailureFinishes() throws Exception {
    cleanupEndsWith(0);
    test.script().task("work").instance(0).exits(1);
    JobId job = test.engine().submit(threeTasks().failOnInstanceFail(false).build());

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(told).containsExactly("Finished");
  }

  /** It may be tried again; then its failure fails a job that would have finished. */
  @ParameterizedTest
  @EnumSource(FailurePolicy.class)
  void itsFailureFailsAJobThatWouldHaveFinished(FailurePolicy policy) throws Exception {
    cleanupEndsWith(1);
    JobId job = test.engine().submit(threeTasks().onFailure(policy).build());

    JobStatus status = test.engine().await(job);

    assertThat(status.state()).isEqualTo(State.FAILED);
    assertThat(status.message()).isEqualTo("its final task 'cleanup' failed");
    assertThat(stateOf(job, "cleanup")).isEqualTo(State.FAILED);
    assertThat(told).containsExactly("Finished", "Finished");
  }

  private JobId stoppedJob(int cleanup) throws Exception {
    cleanupEndsWith(cleanup);
    test.script().task("work").succeeds().after(Duration.ofHours(1));
    JobId job = test.engine().submit(threeTasks().build());
    test.advance(MINUTE);
    test.engine().stop(job);
    return job;
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(ints = {0, 1})
  void aJobThatAUserStopsRunsItAndIsStoppedThen(int cleanup) throws Exception {
    JobId job = stoppedJob(cleanup);
    assertThat(test.engine().job(job).state()).isEqualTo(State.RUNNING);
    assertThat(test.engine().job(job).message()).startsWith("stopped by the user; it ends when");

    JobStatus status = test.engine().await(job);

    assertThat(status.state()).isEqualTo(State.STOPPED);
    assertThat(status.message()).isEqualTo("stopped by the user");
    assertThat(test.engine().attempts(instance(job, "next", 0))).isEmpty();
    assertThat(told).containsOnly("Stopped").hasSize(1 + cleanup);
  }

  @Test
  void aSecondStopEndsItToo() throws Exception {
    JobId job = stoppedJob(0);
    test.advance(Duration.ofSeconds(30));
    assertThat(stateOf(job, "cleanup")).isEqualTo(State.RUNNING);

    test.engine().stop(job);

    assertThat(test.engine().job(job).state()).isEqualTo(State.STOPPED);
    assertThat(test.engine().await(job).state()).isEqualTo(State.STOPPED);
    assertThat(stateOf(job, "cleanup")).isEqualTo(State.STOPPED);
  }

  @Test
  void aStopWhileItRunsLeavesAJobFailedThatHadFailed() throws Exception {
    cleanupEndsWith(0);
    test.script().task("work").instance(0).exits(1);
    JobId job = test.engine().submit(threeTasks().build());
    test.advance(Duration.ofSeconds(30));

    test.engine().stop(job);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);
    assertThat(stateOf(job, "cleanup")).isEqualTo(State.STOPPED);
  }

  @Test
  void aJobThatHasNotBegunRunsItToo() throws Exception {
    cleanupEndsWith(0);
    JobId first = test.engine().submit(job("big", program().instances(50)));
    JobId job = test.engine().submit(threeTasks().build());

    test.engine().stop(job);

    assertThat(test.engine().await(job).state()).isEqualTo(State.STOPPED);
    assertThat(test.engine().await(first).state()).isEqualTo(State.FINISHED);
    assertThat(told).containsExactly("Stopped");
  }

  @Test
  void aRestartRunsItAgain() throws Exception {
    cleanupEndsWith(0);
    test.script().task("next").exits(1).then().succeeds();
    JobId job = test.engine().submit(threeTasks().build());
    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);

    test.engine().restart(job);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(told).containsExactly("Failed", "Finished");
    assertThat(test.engine().attempts(instance(job, "cleanup", 0))).hasSize(2);
    assertThat(test.engine().attempts(instance(job, "work", 0))).hasSize(1);
  }

  @Test
  void aRestartAfterItsOwnFailureRunsOnlyIt() throws Exception {
    cleanupEndsWith(1, 1, 0);
    JobId job = test.engine().submit(threeTasks().build());
    assertThat(test.engine().await(job).state()).isEqualTo(State.FAILED);

    test.engine().restart(job);

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(told).hasSize(3);
    assertThat(test.engine().attempts(instance(job, "next", 0))).hasSize(1);
  }

  @Test
  void aJobCanConsistOfIt() throws Exception {
    cleanupEndsWith(0);
    JobId job =
        test.engine()
            .submit(
                JobDescription.builder("job")
                    .task("cleanup", program().build())
                    .finalTask("cleanup")
                    .build());

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(told).containsExactly("Finished");
  }

  @Test
  void aJobIsReleasedAfterIt() throws Exception {
    cleanupEndsWith(0);
    JobId job = test.engine().submit(threeTasks().autoRelease(true).build());

    assertThat(test.engine().await(job).state()).isEqualTo(State.FINISHED);
    assertThat(told).containsExactly("Finished");
    test.runUntilIdle();
    assertThat(test.engine().jobs(JobQuery.all()).items()).isEmpty();
  }

  @Test
  void whatIsDecidedSurvivesTheHost() throws Exception {
    JobId job = stoppedJob(1);
    test.crashHost();
    test.restartHost();
    test.advance(Duration.ofSeconds(90));
    assertThat(told).hasSize(2);
    test.crashHost();
    test.restartHost();

    assertThat(test.engine().await(job).state()).isEqualTo(State.STOPPED);
    assertThat(told).containsExactly("Stopped", "Stopped");
    assertThat(stateOf(job, "cleanup")).isEqualTo(State.FAILED);
  }
}
