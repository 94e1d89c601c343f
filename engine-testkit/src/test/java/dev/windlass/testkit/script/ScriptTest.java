package dev.windlass.testkit.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windlass.AttemptStatus;
import dev.windlass.job.Command;
import dev.windlass.job.InstanceId;
import dev.windlass.job.JobDescription;
import dev.windlass.job.JobId;
import dev.windlass.job.Outcome;
import dev.windlass.job.RetryPolicy;
import dev.windlass.job.State;
import dev.windlass.job.TaskDescription;
import dev.windlass.job.TaskName;
import dev.windlass.testkit.engine.TestEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs do what the script says. */
@Timeout(60)
class ScriptTest {
  private final TestEngine test = TestEngine.create();
  private final Script script = test.script();

  @AfterEach
  void close() {
    test.close();
  }

  private JobId run(String name, int instances, int retries) throws InterruptedException {
    TaskDescription task =
        TaskDescription.builder(Command.of("prog"))
            .instances(instances)
            .retry(RetryPolicy.retries(retries))
            .build();
    JobId job = test.engine().submit(JobDescription.builder(name).task("a", task).build());
    test.engine().await(job);
    return job;
  }

  private List<Outcome> outcomes(JobId job, int index) {
    return test.engine().attempts(new InstanceId(job, new TaskName("a"), index)).stream()
        .map(attempt -> attempt.outcome().orElseThrow())
        .toList();
  }

  private Duration lengthOfFirst(JobId job) {
    AttemptStatus attempt =
        test.engine().attempts(new InstanceId(job, new TaskName("a"), 0)).get(0);
    return Duration.between(attempt.started().orElseThrow(), attempt.ended().orElseThrow());
  }

  @Test
  void anAttemptOfWhichNothingIsSaidSucceedsAfterOneSecond() throws Exception {
    JobId job = run("job", 1, 0);

    assertThat(outcomes(job, 0)).containsExactly(new Outcome.Exited(0));
    assertThat(lengthOfFirst(job)).isEqualTo(Duration.ofSeconds(1));
    script.verify();
  }

  @Test
  void everyWayToEnd() throws Exception {
    script
        .task("a")
        .exits(3)
        .then()
        .isKilledBy(11)
        .then()
        .runsOutOfMemory()
        .then()
        .isLost()
        .then()
        .isRefused()
        .then()
        .ends(new Outcome.StageInFailed("scripted", true))
        .then()
        .ends(new Outcome.Cancelled())
        .then()
        .succeeds();

    JobId job = run("job", 1, 3);

    assertThat(outcomes(job, 0))
        .containsExactly(
            new Outcome.Exited(3),
            new Outcome.Signalled(11),
            new Outcome.OutOfMemory("the script says so"),
            new Outcome.Lost("the script says so"),
            new Outcome.Refused("the script says so", true),
            new Outcome.StageInFailed("scripted", true),
            new Outcome.Cancelled(),
            new Outcome.Exited(0));
    script.verify();
  }

  @Test
  void aRefusalForGoodFailsTheInstance() throws Exception {
    script.task("a").isRefusedForGood();

    JobId job = run("job", 1, 3);

    assertThat(outcomes(job, 0)).containsExactly(new Outcome.Refused("the script says so", false));
    assertThat(test.engine().job(job).state()).isEqualTo(State.FAILED);
  }

  @Test
  void eachInstanceGoesThroughTheStepsByItself() throws Exception {
    script.task("a").exits(1).times(2).then().succeeds();

    JobId job = run("job", 2, 2);

    for (int index = 0; index < 2; index++) {
      assertThat(outcomes(job, index))
          .containsExactly(new Outcome.Exited(1), new Outcome.Exited(1), new Outcome.Exited(0));
    }
  }

  @Test
  void thePartStatedLastCountsAndThenTheOneBefore() throws Exception {
    script.all().exits(1);
    script.task("a").instances(1, 2).exits(2).times(1);
    script.task("a").instance(2).attempt(1).exits(3);

    JobId job = run("job", 3, 1);

    // The first failure for good fails the job; all three fail at the same moments.
    assertThat(outcomes(job, 0).get(0)).isEqualTo(new Outcome.Exited(1));
    assertThat(outcomes(job, 1).get(0)).isEqualTo(new Outcome.Exited(2));
    assertThat(outcomes(job, 2).get(0)).isEqualTo(new Outcome.Exited(3));
    assertThat(script.unused()).isEmpty();
  }

  @Test
  void jobsAreToldApartByName() throws Exception {
    script.job("bad").task("a").exits(1);

    assertThat(test.engine().job(run("good", 1, 0)).state()).isEqualTo(State.FINISHED);
    assertThat(test.engine().job(run("bad", 1, 0)).state()).isEqualTo(State.FAILED);
  }

  @Test
  void aFunctionSeesTheAttemptAndSaysHowItEnds() throws Exception {
    script
        .task("a")
        .does(
            run -> {
              assertThat(run.arguments()).containsExactly("prog");
              assertThat(run.environment())
                  .containsEntry("WINDLASS_ATTEMPT", Integer.toString(run.id().number()));
              Path work = run.path("notes.txt");
              run.write("notes.txt", "first");
              run.write("notes.txt", "2nd");
              assertThat(work).exists();
              assertThat(run.read("notes.txt")).isEqualTo("2nd");
              return ProgramEnd.exited(run.id().number() == 1 ? 1 : 0).after(Duration.ofMinutes(5));
            });

    JobId job = run("job", 1, 1);

    assertThat(outcomes(job, 0)).containsExactly(new Outcome.Exited(1), new Outcome.Exited(0));
    assertThat(lengthOfFirst(job)).isEqualTo(Duration.ofMinutes(5));
    script.verify();
  }

  @Test
  void whatAFunctionThrowsFailsTheAttemptAndTheVerification() throws Exception {
    AssertionError thrown = new AssertionError("not what I expected");
    script
        .task("a")
        .does(
            run -> {
              throw thrown;
            });

    JobId job = run("job", 1, 0);

    assertThat(outcomes(job, 0)).containsExactly(new Outcome.Exited(1));
    assertThatThrownBy(script::verify)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("a function threw")
        .hasSuppressedException(thrown);
  }

  @Test
  void aFunctionCanDecideForEveryAttempt() throws Exception {
    script.task("a").exits(9);
    script.attempts(
        id ->
            id.instance().index() == 0
                ? java.util.Optional.of(run -> ProgramEnd.exited(7))
                : java.util.Optional.empty());

    JobId job = run("job", 2, 0);

    assertThat(outcomes(job, 0)).containsExactly(new Outcome.Exited(7));
    assertThat(outcomes(job, 1)).containsExactly(new Outcome.Exited(9));
  }

  // ---- mistakes ----

  @Test
  void stepsThatDidNotComeAreTold() throws Exception {
    script.task("alighn").instance(3).runsOutOfMemory().times(2).then().succeeds();
    script.job("other").task("a").attempt(2).exits(1);
    script.task("a").instances(0, 1).exits(4).times(3);

    run("job", 2, 1);

    assertThat(script.unused())
        .containsExactly(
            "task 'alighn', instance 3: out of memory: the script says so, 2 times: came 0",
            "task 'alighn', instance 3: exited with 0: came 0",
            "job 'other', task 'a', attempt 2: exited with 1: came 0",
            "task 'a', instances 0 to 1: exited with 4, 3 times: came 2");
    assertThatThrownBy(script::verify)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("task 'alighn', instance 3");
  }

  @Test
  void stepsThatCameAreNot() throws Exception {
    script.task("a").exits(4).times(2);

    run("job", 1, 1);

    assertThatCode(script::verify).doesNotThrowAnyException();
  }

  @Test
  void badStepsAreRefused() {
    ScriptTarget task = script.task("a");

    assertThatThrownBy(() -> script.task("no such name!"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> task.instance(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> task.instances(2, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> task.attempt(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> task.exits(256)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> task.ends(new Outcome.TimedOut(Duration.ofSeconds(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("run forever");
    assertThat(script.unused()).as("nothing was added").isEmpty();
    assertThatThrownBy(() -> task.runsForever().after(Duration.ofSeconds(1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> task.succeeds().after(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> task.succeeds().times(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
